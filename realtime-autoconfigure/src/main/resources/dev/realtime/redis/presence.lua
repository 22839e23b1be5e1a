-- Changes who is in rooms of one partition.
--
-- KEYS  1 nodes that have members in the partition, 2 places of this node's members, then the
--       members of a room {session: what is kept} for each change
-- ARGV  1 the node, 2 what the keys of the partition begin with, then six per change: session,
--       its place, what is kept or "" to remove it, by what it is recognized or "", for how many
--       ms it is expected back or "" if it is there, the node that it was told for before or ""
-- Gives -1 and nothing else if the node has been taken for dead: it has to go on under another
-- name. Otherwise 1 if it was not known in the partition, else 0, then for each change how many
-- members the room has after something was added or had before something was removed, or an
-- error. The number is negative if what was added took the place of what was expected back. It
-- is 0 if nothing was done, since others have taken the member out with a node that was taken for
-- dead, or something has taken its place; and -1 if there was nothing to remove.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local base = ARGV[2]
local function reaped(known)
	return known ~= '' and redis.call('GET', base .. 'r:' .. known)
end
if reaped(ARGV[1]) then
	return {-1}
end
local reply = {redis.call('SADD', KEYS[1], ARGV[1])}
-- who is expected back in the room of a place, sorted by what it is recognized
local function expected(place, session)
	return base .. 'g:' .. string.sub(string.match(place, '^%d+:(.*)$'), 1, -1 - #session)
end
-- take something out that is expected back, and return whether there was something
local function claim(room, session, place, likeness)
	local key = expected(place, session)
	local first = '[' .. likeness
	local found = redis.call('ZRANGEBYLEX', key, first, first .. '\255', 'LIMIT', 0, 1)[1]
	while found do
		redis.call('ZREM', key, found)
		local other = string.sub(found, #likeness + 1)
		local owner = string.match(redis.call('HGET', room, other) or '', '^([^\t\n]*)\t')
		if owner then
			redis.call('HDEL', room, other)
			redis.call('SREM', base .. 'x:' .. owner, string.sub(place, 1, -1 - #session) .. other)
			return true
		end
		found = redis.call('ZRANGEBYLEX', key, first, first .. '\255', 'LIMIT', 0, 1)[1]
	end
	return false
end
local function add(room, session, place, kept, likeness, _, known)
	if reaped(known) then
		return 0
	end
	local back = likeness ~= '' and claim(room, session, place, likeness)
	redis.call('HSET', room, session, kept)
	redis.call('SADD', KEYS[2], place)
	local count = redis.call('HLEN', room)
	return back and -count or count
end
local function expect(room, session, place, kept, likeness, grace, known)
	if known ~= '' and (reaped(known) or redis.call('HEXISTS', room, session) == 0) then
		return 0
	end
	local head = string.format('%s\t%.0f', ARGV[1], now + tonumber(grace))
	redis.call('HSET', room, session, head .. string.sub(kept, #ARGV[1] + 1))
	redis.call('SADD', KEYS[2], place)
	local key = expected(place, session)
	redis.call('ZADD', key, 0, likeness .. session)
	redis.call('PEXPIRE', key, tonumber(grace) + 60000)
	return redis.call('HLEN', room)
end
local function remove(room, session, place, _, likeness, _, known)
	local count = redis.call('HLEN', room)
	local removed = redis.call('HDEL', room, session)
	redis.call('SREM', KEYS[2], place)
	if likeness ~= '' then
		redis.call('ZREM', expected(place, session), likeness .. session)
	end
	if removed == 1 then
		return count
	end
	return reaped(known) and 0 or -1
end
for i = 3, #ARGV, 6 do
	local change = add
	if ARGV[i + 2] == '' then
		change = remove
	elseif ARGV[i + 4] ~= '' then
		change = expect
	end
	local done, result = pcall(change, KEYS[#reply + 2], ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4],
		ARGV[i + 5])
	if not done then
		result = (type(result) == 'table') and result.err or tostring(result)
	end
	reply[#reply + 1] = result
end
return reply
