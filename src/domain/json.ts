/** Anything that JSON can carry. Amounts travel in it as strings of minor units, never as numbers. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** A named set of facts, shown to people and stored beside the decision they led to. */
export type Facts = { [key: string]: Json }
