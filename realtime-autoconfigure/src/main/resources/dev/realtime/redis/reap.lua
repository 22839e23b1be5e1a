-- Takes members of a dead node out of the rooms of one partition.
--
-- KEYS  1 nodes that have members in the partition, 2 places of the dead node's members,
--       3 whether members of the node have been taken out
-- ARGV  1 the dead node, 2 what the keys of rooms begin with, 3 how many members at most, 4 for
--       how many ms to remember it
-- Gives 1 if there may be more at once, else 0, then for each member that was taken out its room,
-- how many members that had, and what was kept. A member that another node has added is left, and
-- so is one that is expected back, until its time is over.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local places = redis.call('SPOP', KEYS[2], ARGV[3])
local more = #places == tonumber(ARGV[3])
local reply = {0}
local early = {}
if #places > 0 then
	redis.call('SET', KEYS[3], '1', 'PX', ARGV[4])
end
for _, place in ipairs(places) do
	local length, rest = string.match(place, '^(%d+):(.*)$')
	if length then
		local room, session = string.sub(rest, 1, tonumber(length)), string.sub(rest, tonumber(length) + 1)
		local key = ARGV[2] .. room
		local kept = redis.pcall('HGET', key, session)
		local mark = type(kept) == 'string' and string.sub(kept, #ARGV[1] + 1, #ARGV[1] + 1)
		if mark and string.sub(kept, 1, #ARGV[1]) == ARGV[1] and (mark == '\n' or mark == '\t') then
			local deadline = string.match(kept, '^[^\t\n]*\t(%d+)\n')
			if deadline and tonumber(deadline) > now then
				early[#early + 1] = place
			else
				reply[#reply + 1] = room
				reply[#reply + 1] = redis.call('HLEN', key)
				reply[#reply + 1] = kept
				redis.call('HDEL', key, session)
			end
		end
	end
end
for _, place in ipairs(early) do
	redis.call('SADD', KEYS[2], place)
end
if more and #early < #places then
	reply[1] = 1
elseif not more and #early == 0 then
	redis.call('SREM', KEYS[1], ARGV[1])
end
return reply
