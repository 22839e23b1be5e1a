-- Tells where streams stand, without beginning any. A stream whose publications are not those
-- that somebody has got from it gets a new epoch: Redis has lost some, and gives their offsets
-- again, so that whoever has got them would take what is new for what is old.
--
-- KEYS  for each room: meta {e: epoch, o: offset of the newest publication}, stream with ids
-- ARGV  1 new epoch, then for each room what was got last: epoch, offset, id ('' if unknown)
-- Gives epoch and offset of each; both are empty where there is no stream, or something else.
local function is_other(key, offset, id)
	local position = string.format('%s-0', offset)
	local found = redis.pcall('XRANGE', key, position, position)
	return found[1] and found[1][2][2] ~= id
end
local reply = {}
for i = 1, #KEYS, 2 do
	local meta = redis.pcall('HMGET', KEYS[i], 'e', 'o')
	local epoch, offset = meta[1] or '', meta[2] or ''
	local at = 2 + (i - 1) / 2 * 3
	if epoch ~= '' and epoch == ARGV[at] then
		local behind = tonumber(offset) < tonumber(ARGV[at + 1])
		if behind or (ARGV[at + 2] ~= '' and is_other(KEYS[i + 1], ARGV[at + 1], ARGV[at + 2])) then
			epoch = ARGV[1]
			redis.call('HSET', KEYS[i], 'e', epoch)
		end
	end
	reply[#reply + 1] = epoch
	reply[#reply + 1] = offset
end
return reply
