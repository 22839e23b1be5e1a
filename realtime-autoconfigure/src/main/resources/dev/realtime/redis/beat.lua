-- Notes that a node is alive, and tells which others are.
--
-- KEYS  1 nodes, sorted by the time of their last beat in ms, by the clock of Redis
-- ARGV  1 the node, 2 silence in ms after which a node is dead, 3 "1" if it has been noted before
-- Gives 0 if the node itself has been taken for dead, or 1 and for each node its name and 1
-- if it is alive, else 0. The dead do not come back: such a node goes on under another name.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function text(number)
	return string.format('%.0f', number)
end
local limit = tonumber(ARGV[2])
local last = redis.call('ZSCORE', KEYS[1], ARGV[1])
if (last and now - tonumber(last) > limit) or (not last and ARGV[3] == '1') then
	return {0}
end
redis.call('ZADD', KEYS[1], text(now), ARGV[1])
local reply = {1}
local nodes = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #nodes, 2 do
	local beat = tonumber(nodes[i + 1])
	if beat > now then
		-- the clock was set back: count from here
		redis.call('ZADD', KEYS[1], text(now), nodes[i])
	end
	reply[#reply + 1] = nodes[i]
	reply[#reply + 1] = (now - beat > limit) and 0 or 1
end
return reply
