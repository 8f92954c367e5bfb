export type { Bell } from "./bell.ts";
export { openPool, type Pool } from "./pool.ts";
export { type Crew, type Place, servePool } from "./serve-pool.ts";
export { type ThreadScript, whyNoThreads } from "./thread.ts";
