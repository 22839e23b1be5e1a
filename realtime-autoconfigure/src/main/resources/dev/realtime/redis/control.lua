-- Tells nodes something and changes bans, as one step. It always writes, so that a replica
-- refuses it.
--
-- KEYS  1 bans {user: until when}, 2 lifted bans {user: until when to remember it}, both sorted
--       sets with times in ms since 1970
-- ARGV  1 channel, 2 message, 3 "b" to ban, "l" to lift a ban, "" for neither, 4 user,
--       5 for how long to ban or to remember, in ms, or "" for good, 6 how many to keep
-- Gives the number of connections that the message went to.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kind, user = ARGV[3], ARGV[4]
for _, key in ipairs(KEYS) do
	redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now))
end
if kind ~= '' then
	local key, other = KEYS[1], KEYS[2]
	if kind == 'l' then
		key, other = other, key
	end
	local till = '+inf'
	if ARGV[5] ~= '' then
		till = string.format('%.0f', now + tonumber(ARGV[5]))
	end
	redis.call('ZREM', other, user)
	redis.call('ZADD', key, till, user)
	redis.call('ZREMRANGEBYRANK', key, 0, -1 - tonumber(ARGV[6]))
end
return {redis.call('PUBLISH', ARGV[1], ARGV[2])}
