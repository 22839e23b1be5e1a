-- Tells who is banned, and whose ban has been lifted lately.
--
-- KEYS  1 bans {user: until when}, 2 lifted bans {user: until when to remember it}
-- Gives the number of bans, then a user and the remaining ms, or "" for good, of each, then the
-- users whose bans have been lifted.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local after = string.format('(%.0f', now)
local bans = redis.call('ZRANGEBYSCORE', KEYS[1], after, '+inf', 'WITHSCORES')
local reply = {tostring(#bans / 2)}
for i = 1, #bans, 2 do
	reply[#reply + 1] = bans[i]
	if bans[i + 1] == 'inf' then
		reply[#reply + 1] = ''
	else
		reply[#reply + 1] = string.format('%.0f', tonumber(bans[i + 1]) - now)
	end
end
for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], after, '+inf')) do
	reply[#reply + 1] = user
end
return reply
