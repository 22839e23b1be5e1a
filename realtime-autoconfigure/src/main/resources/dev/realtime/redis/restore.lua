-- Bans users of whom nothing is known, because it is lost.
--
-- KEYS  1 bans {user: until when}, 2 lifted bans {user: until when to remember it}
-- ARGV  a user and for how long, in ms, or "" for good, of each ban
-- Gives how many were missing.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local missing = 0
for i = 1, #ARGV, 2 do
	local user, till = ARGV[i], '+inf'
	if ARGV[i + 1] ~= '' then
		till = string.format('%.0f', now + tonumber(ARGV[i + 1]))
	end
	if not redis.call('ZSCORE', KEYS[2], user) then
		missing = missing + redis.call('ZADD', KEYS[1], 'NX', till, user)
	end
end
return {missing}
