-- Gives a stream a new epoch if it has lost publications that somebody has got already: their
-- offsets are given again, and whoever has got them would take what is new for what is old.
--
-- KEYS  meta {e: epoch, o: offset of the newest publication}
-- ARGV  1 epoch and 2 offset of what was got, 3 new epoch
-- Gives epoch and offset, both empty where there is no stream.
local meta = redis.call('HMGET', KEYS[1], 'e', 'o')
if meta[1] == ARGV[1] and tonumber(meta[2]) < tonumber(ARGV[2]) then
	redis.call('HSET', KEYS[1], 'e', ARGV[3])
	meta[1] = ARGV[3]
end
return {meta[1] or '', meta[2] or ''}
