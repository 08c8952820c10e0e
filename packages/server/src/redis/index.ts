// The backend for several machines, over a Redis that the app connects to.
export { type RedisOptions, redis } from './redis'
