-- Changes who is in rooms of one partition.
--
-- KEYS  1 nodes that have members in the partition, 2 places of this node's members, then the
--       members of a room {session: what is kept} for each change
-- ARGV  1 the node, then three per change: session, what is kept or "" to remove it, its place
-- Gives 1 if the node was not known in the partition, else 0, then for each change how many
-- members the room has after something was added or had before something was removed, or an
-- error.
local reply = {redis.call('SADD', KEYS[1], ARGV[1])}
local function add(room, session, kept, place)
	redis.call('HSET', room, session, kept)
	redis.call('SADD', KEYS[2], place)
	return redis.call('HLEN', room)
end
local function remove(room, session, place)
	local count = redis.call('HLEN', room)
	redis.call('HDEL', room, session)
	redis.call('SREM', KEYS[2], place)
	return count
end
for i = 2, #ARGV, 3 do
	local room = KEYS[#reply + 2]
	local done, result
	if ARGV[i + 1] == '' then
		done, result = pcall(remove, room, ARGV[i], ARGV[i + 2])
	else
		done, result = pcall(add, room, ARGV[i], ARGV[i + 1], ARGV[i + 2])
	end
	if not done then
		result = (type(result) == 'table') and result.err or tostring(result)
	end
	reply[#reply + 1] = result
end
return reply
