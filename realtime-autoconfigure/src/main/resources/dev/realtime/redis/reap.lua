-- Takes members of a dead node out of the rooms of one partition.
--
-- KEYS  1 nodes that have members in the partition, 2 places of the dead node's members
-- ARGV  1 the dead node, 2 what the keys of rooms begin with, 3 how many members at most
-- Gives 1 if there may be more, else 0, then for each member that was taken out its room, how
-- many members that had, and what was kept. A member that another node has added is left.
local places = redis.call('SPOP', KEYS[2], ARGV[3])
local more = #places == tonumber(ARGV[3])
local reply = {more and 1 or 0}
local mark = ARGV[1] .. '\n'
for _, place in ipairs(places) do
	local length, rest = string.match(place, '^(%d+):(.*)$')
	if length then
		local room, session = string.sub(rest, 1, tonumber(length)), string.sub(rest, tonumber(length) + 1)
		local key = ARGV[2] .. room
		local kept = redis.pcall('HGET', key, session)
		if type(kept) == 'string' and string.sub(kept, 1, #mark) == mark then
			reply[#reply + 1] = room
			reply[#reply + 1] = redis.call('HLEN', key)
			reply[#reply + 1] = kept
			redis.call('HDEL', key, session)
		end
	end
end
if not more then
	redis.call('SREM', KEYS[1], ARGV[1])
end
return reply
