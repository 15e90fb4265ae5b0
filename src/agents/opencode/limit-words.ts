/** What providers say when they take no more for now. Other failed calls are tried again too, and are no limit. */
export const limitWords = /rate.?limit|too many requests|quota|usage limit|overloaded|slow down|\b429\b/i;
