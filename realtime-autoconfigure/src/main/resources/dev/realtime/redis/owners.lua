-- Tells which nodes have members in the partitions.
--
-- KEYS  nodes that have members in the partition, for each partition
-- ARGV  1 the node, then others that are alive
-- Gives a text with 1 for each partition that knows the node, else 0, then the place of a
-- partition and a node for each that is not alive.
local alive = {}
for _, node in ipairs(ARGV) do
	alive[node] = true
end
local reply = {''}
local known = {}
for i, key in ipairs(KEYS) do
	known[i] = '0'
	for _, node in ipairs(redis.call('SMEMBERS', key)) do
		if node == ARGV[1] then
			known[i] = '1'
		elseif not alive[node] then
			reply[#reply + 1] = i - 1
			reply[#reply + 1] = node
		end
	end
end
reply[1] = table.concat(known)
return reply
