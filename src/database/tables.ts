/** Every table and its columns, as the query builder sees them. */
export interface Tables {}
