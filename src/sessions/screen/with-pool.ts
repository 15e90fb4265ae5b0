import { usualPoolSize } from './without-pool.ts';

Buffer.poolSize = usualPoolSize;
