-- Tells where streams stand, without beginning any.
--
-- KEYS  meta {e: epoch, o: offset of the newest publication} of each room
-- Gives epoch and offset of each; both are empty where there is no stream, or something else.
local reply = {}
for _, key in ipairs(KEYS) do
	local meta = redis.pcall('HMGET', key, 'e', 'o')
	reply[#reply + 1] = meta[1] or ''
	reply[#reply + 1] = meta[2] or ''
end
return reply
