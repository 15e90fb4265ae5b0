/** In the place of `node:crypto`: to load it takes Node some ms, and few starts of a program need it. */
const load = () => process.getBuiltinModule('node:crypto');

export const createHash: typeof import('node:crypto').createHash = (...given) => load().createHash(...given);
export const randomBytes = (size: number) => load().randomBytes(size);
export const randomUUID = () => load().randomUUID();
export const timingSafeEqual: typeof import('node:crypto').timingSafeEqual = (...given) =>
  load().timingSafeEqual(...given);
