-- Appends messages to the stream of one room and fans them out, as one step.
--
-- KEYS  1 meta {e: epoch, o: offset of the newest publication}
--       2 stream with bodies, 3 stream of ids only, then one key per message of kind "k"
-- ARGV  1 channel, 2 epoch for a new stream, 3 publications to keep, 4 ids to keep (0: the
--       bodies' stream is long enough), 5 time to live of the streams, 6 of the meta,
--       7 of idempotency keys (all ms), 8 offset before a first attempt, or -1 if this is it,
--       9 epoch and 10 offset of what was accepted last: if that is lost, a new epoch begins
--       then three per message: kind ("p" publication, "k" publication with a key, "e" event
--       without a place in the stream), id, body
-- Gives epoch, then an offset per message. If there is an error, its text is last.
--
-- Lua scripts have no rollback, so the offset is taken from the meta and written back
-- whatever happens, and a stream that is ahead of its meta is believed.
local meta = redis.call('HMGET', KEYS[1], 'e', 'o')
local epoch, offset = meta[1], tonumber(meta[2] or 0)
if not epoch then
	redis.call('DEL', KEYS[2], KEYS[3])
	epoch, offset = ARGV[2], 0
	redis.call('HSET', KEYS[1], 'e', epoch, 'o', 0)
elseif epoch == ARGV[9] and offset < tonumber(ARGV[10]) then
	epoch = ARGV[2]
	redis.call('HSET', KEYS[1], 'e', epoch)
end
local size, ids = tonumber(ARGV[3]), tonumber(ARGV[4])
local journal = KEYS[3]
if ids == 0 then
	journal = KEYS[2]
end
local seen = {}
if ARGV[8] ~= '-1' then
	-- The newest: the attempt is not long ago, whatever the offset before it was
	for _, entry in ipairs(redis.call('XREVRANGE', journal, '+', string.format('(%s-0', ARGV[8]), 'COUNT', 4096)) do
		seen[entry[2][2]] = string.match(entry[1], '^%d+')
	end
end
local function append(key, length, id, ...)
	local added = redis.pcall('XADD', key, 'MAXLEN', length, string.format('%.0f-0', offset + 1), 'i', id, ...)
	if added.err and string.find(added.err, 'equal or smaller', 1, true) then
		local info = redis.call('XINFO', 'STREAM', key)
		for i = 1, #info, 2 do
			if info[i] == 'last-generated-id' then
				offset = tonumber(string.match(info[i + 1], '^%d+'))
			end
		end
		added = redis.pcall('XADD', key, 'MAXLEN', length, string.format('%.0f-0', offset + 1), 'i', id, ...)
	end
	return added.err
end
local reply = {epoch}
local failure
local extra = 4
for i = 11, #ARGV, 3 do
	local kind, id, body = ARGV[i], ARGV[i + 1], ARGV[i + 2]
	if kind == 'e' then
		-- PUBLISH is never refused: so that a server that refuses to write does not fan out what is tried again
		redis.call('HSET', KEYS[1], 'o', string.format('%.0f', offset))
		redis.call('PUBLISH', ARGV[1], '1' .. epoch .. ' 0 ' .. body)
		reply[#reply + 1] = string.format('%.0f', offset)
	else
		local before = seen[id]
		if kind == 'k' then
			local known = redis.call('GET', KEYS[extra])
			if known and string.find(known, epoch .. ':', 1, true) == 1 then
				before = string.sub(known, #epoch + 2)
			end
		end
		if not before then
			if size > 0 then
				failure = append(KEYS[2], size, id, 'd', body)
			end
			if not failure and ids > 0 then
				failure = append(KEYS[3], ids, id)
			end
			if failure then
				break
			end
			offset = offset + 1
			before = string.format('%.0f', offset)
			if kind == 'k' then
				redis.call('SET', KEYS[extra], epoch .. ':' .. before, 'PX', ARGV[7])
			end
			redis.call('PUBLISH', ARGV[1], '1' .. epoch .. ' ' .. before .. ' ' .. body)
		elseif seen[id] then
			-- Perhaps it was kept but not fanned out; who has it already takes it for old
			offset = math.max(offset, tonumber(before))
			if kind == 'k' then
				redis.call('SET', KEYS[extra], epoch .. ':' .. before, 'PX', ARGV[7])
			end
			redis.call('PUBLISH', ARGV[1], '1' .. epoch .. ' ' .. before .. ' ' .. body)
		end
		reply[#reply + 1] = before
		if kind == 'k' then
			extra = extra + 1
		end
	end
end
redis.call('HSET', KEYS[1], 'o', string.format('%.0f', offset))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if size > 0 then
	redis.call('PEXPIRE', KEYS[2], ARGV[5])
end
if ids > 0 then
	redis.call('PEXPIRE', KEYS[3], ARGV[5])
end
if failure then
	reply[#reply + 1] = failure
end
return reply
