/** While modules that come after this one are loaded, each buffer has memory of its own; until `with-pool.ts`. */
export const usualPoolSize = Buffer.poolSize;
Buffer.poolSize = 0;
