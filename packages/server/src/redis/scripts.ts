// What is asked of Redis: each question is one script, so that all of it is done or nothing, and time is Redis's own.
import { createHash } from 'node:crypto'

/** A script, and how Redis calls one that it has seen. */
export interface Script {
  readonly text: string
  readonly sha: string
}

/** Ids that one script looks at. More are asked for in pages, with room for others in between. */
const PAGE = 100

/** All scripts have one key: what the names of all others begin with. That the others are not named is said in decision 10. */
const COMMON = `
local base = KEYS[1]
local function key(kind, name) return base .. ':' .. kind .. ':' .. name end
local function linesKey(id, epoch) return key('lines', epoch .. ':' .. id) end
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
-- By bytes: Lua would compare by the language of the machine.
local function isBefore(a, b)
  for at = 1, math.min(#a, #b) do
    if a:byte(at) ~= b:byte(at) then return a:byte(at) < b:byte(at) end
  end
  return #a < #b
end
local told = base .. ':told'
-- Numbered by microseconds at first, then one by one: a Redis that has lost all goes on above what was heard of it.
local function newest()
  local number = redis.call('GET', told)
  if number then return number end
  local time = redis.call('TIME')
  number = time[1] .. string.format('%06d', time[2])
  return redis.pcall('SET', told, number).err and '0' or number
end
local function tell(message)
  newest()
  redis.call('PUBLISH', told, string.format('%.0f', redis.call('INCR', told)) .. ' ' .. message)
end
local function keep(name, ms)
  if redis.call('PTTL', name) < ms then redis.call('PEXPIRE', name, ms) end
end
local function list(kind, name, id, ms)
  local names, at = key(kind, name), now()
  redis.call('ZREMRANGEBYSCORE', names, '-inf', at)
  redis.call('ZADD', names, at + ms, id)
  keep(names, ms)
end
-- id, epoch, revision, owner, node, snapshot, ended; or false
local function read(id)
  local row = redis.pcall('HMGET', key('session', id), 'epoch', 'revision', 'owner', 'node', 'snapshot', 'ended')
  return not row.err and row[1] and { id, unpack(row) } or false
end
`

/**
 * id, epoch, revision, ended, owner, node, keepMs, snapshot, what stands before and after it in the message -> 1 where it is stored.
 * What may be refused for want of memory or rights comes first: a script that fails is not undone.
 */
export const PUT = script(`
local id, epoch, revision, ended, owner, node = unpack(ARGV, 1, 6)
local ms, snapshot = tonumber(ARGV[7]), ARGV[8]
local session = key('session', id)
local old = redis.call('HMGET', session, 'epoch', 'revision', 'ended', 'owner', 'node', 'snapshot')
if old[1] and tonumber(old[2]) then
  if epoch == old[1] then
    -- The same again: its writer has not heard the answer.
    if tonumber(revision) == tonumber(old[2]) and node == old[5] and snapshot == old[6] then return 1 end
    if tonumber(revision) <= tonumber(old[2]) or old[3] == '1' then return 0 end
  elseif isBefore(epoch, old[1]) then
    return 0
  end
  if old[3] == '0' and owner ~= old[4] then return 0 end
end
tell(ARGV[9] .. snapshot .. ARGV[10])
redis.call('HSET', session, 'epoch', epoch, 'revision', revision, 'ended', ended, 'owner', owner, 'node', node, 'snapshot', snapshot)
redis.call('PEXPIRE', session, ms)
redis.call('PEXPIRE', linesKey(id, epoch), ms)
if old[1] and epoch ~= old[1] then redis.call('DEL', linesKey(id, old[1])) end
if old[4] and owner ~= old[4] then redis.call('ZREM', key('owner', old[4]), id) end
if old[5] and (node ~= old[5] or ended == '1') then redis.call('ZREM', key('node', old[5]), id) end
if owner ~= 'null' then list('owner', owner, id, ms) end
if ended == '0' then list('node', node, id, ms) end
return 1`)

/** ids -> for each one its row, and then whether there are lines of its epoch; or nothing. */
export const GET = script(`
local rows = {}
for at, id in ipairs(ARGV) do
  local row = read(id)
  if row then row[8] = redis.call('EXISTS', linesKey(id, row[2])) end
  rows[at] = row
end
return rows`)

/** `owner` or `node`, a name, cursor -> the next cursor, rows. What has run out leaves the list, where Redis may be written to. */
export const LIST = script(`
local kind, name, cursor = unpack(ARGV)
local names = key(kind, name)
local page, rows = redis.call('ZSCAN', names, cursor, 'COUNT', ${PAGE}), {}
for at = 1, #page[2], 2 do
  local id = page[2][at]
  local row = read(id)
  if not row then
    redis.pcall('ZREM', names, id)
  elseif kind == 'owner' and row[4] == name or kind == 'node' and row[5] == name and row[7] == '0' then
    rows[#rows + 1] = row
  end
end
return { page[1], rows }`)

/** node, ttlMs */
export const BEAT = script(`
redis.call('SET', key('life', ARGV[1]), string.format('%.0f', now()), 'PX', ARGV[2])`)

/** node, cursor, keepMs -> the next cursor. Kept on for twice as long as is asked for: then most of the time nothing is to be done. */
export const KEEP_ON = script(`
local node, cursor, ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
local names = key('node', node)
local page = redis.call('ZSCAN', names, cursor, 'COUNT', ${PAGE})
for at = 1, #page[2], 2 do
  local id = page[2][at]
  local session = key('session', id)
  local left = redis.call('PTTL', session)
  if left == -2 then
    redis.call('ZREM', names, id)
  elseif left < ms then
    local row = read(id)
    if row and row[5] == node and row[7] == '0' then
      redis.call('PEXPIRE', session, 2 * ms)
      redis.call('PEXPIRE', linesKey(id, row[2]), 2 * ms)
      list('node', node, id, 2 * ms)
      if row[4] and row[4] ~= 'null' then list('owner', row[4], id, 2 * ms) end
    end
  end
end
return page[1]`)

/** nodes -> for each one the milliseconds since its last word, or nothing. */
export const SILENCE = script(`
local silences, at = {}, now()
for index, node in ipairs(ARGV) do
  local spoke = redis.call('GET', key('life', node))
  silences[index] = spoke and math.max(0, at - spoke)
end
return silences`)

/** id, epoch, most lines, how long they wait for their session, the message before its lines and after, then number and text of each. */
export const APPEND = script(`
local id, epoch, most, ms = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local session = key('session', id)
local known = redis.call('HGET', session, 'epoch')
if known and isBefore(epoch, known) then return end
local lines = linesKey(id, epoch)
local last = tonumber(redis.call('ZREVRANGE', lines, 0, 0, 'WITHSCORES')[2] or -1)
local first, texts
for at = 7, #ARGV, 2 do
  if tonumber(ARGV[at]) > last then
    if not first then first, texts = at, {} end
    texts[#texts + 1] = ARGV[at + 1]
  end
end
if not first then return end
tell(ARGV[5] .. table.concat(texts, ',') .. ARGV[6])
if tonumber(ARGV[first]) ~= last + 1 then redis.call('DEL', lines) end -- there is no hole among them
for at = first, #ARGV, 2 do redis.call('ZADD', lines, ARGV[at], ARGV[at + 1]) end
redis.call('ZREMRANGEBYRANK', lines, 0, -most - 1)
redis.call('PEXPIRE', lines, known == epoch and redis.call('PTTL', session) or ms)`)

/** id, epoch, after -> the number of the first kept line or nothing, the lines. */
export const READ_LOG = script(`
local lines = linesKey(ARGV[1], ARGV[2])
return {
  redis.call('ZRANGE', lines, 0, 0, 'WITHSCORES')[2] or false,
  redis.call('ZRANGEBYSCORE', lines, '(' .. ARGV[3], '+inf'),
}`)

/** message */
export const SEND = script('tell(ARGV[1])')

/** -> the channel, the number of what was told last. */
export const NEWEST = script('return { told, newest() }')

/** name, ttlMs -> 1 for one caller. */
export const CLAIM = script(`
return redis.call('SET', key('claim', ARGV[1]), '1', 'NX', 'PX', ARGV[2]) and 1 or 0`)

/** name, windowMs -> how many there are now. */
export const COUNT = script(`
local counter = key('count', ARGV[1])
local count = redis.call('INCR', counter)
if count == 1 then redis.call('PEXPIRE', counter, ARGV[2]) end
return count`)

function script(body: string): Script {
  const text = COMMON + body
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}
