-- Reads the stream of one room, which begins if there is none.
--
-- KEYS  1 meta {e: epoch, o: offset of the newest publication}, 2 stream with bodies, 3 stream of ids
-- ARGV  1 epoch for a new stream, 2 time to live of the meta in ms, 3 offset to start from, exclusive, or ""
--       4 how many, 0 for none, -1 for all, 5 "1" for newest first
-- Gives epoch, offset of the newest publication, then an offset and a body per publication.
local meta = redis.call('HMGET', KEYS[1], 'e', 'o')
local epoch, offset = meta[1], meta[2]
if not epoch then
	redis.call('DEL', KEYS[2], KEYS[3])
	epoch, offset = ARGV[1], '0'
	redis.call('HSET', KEYS[1], 'e', epoch, 'o', offset)
	redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
local reply = {epoch, offset}
local count = tonumber(ARGV[4])
if count == 0 then
	return reply
end
local first, last = '-', '+'
local command = 'XRANGE'
if ARGV[5] == '1' then
	command = 'XREVRANGE'
	first, last = '+', '-'
end
if ARGV[3] == '0' and ARGV[5] == '1' then
	return reply
end
if ARGV[3] ~= '' then
	first = '(' .. ARGV[3] .. '-0'
end
local entries
if count < 0 then
	entries = redis.call(command, KEYS[2], first, last)
else
	entries = redis.call(command, KEYS[2], first, last, 'COUNT', count)
end
for _, entry in ipairs(entries) do
	reply[#reply + 1] = string.match(entry[1], '^%d+')
	reply[#reply + 1] = entry[2][4] or ''
end
return reply
