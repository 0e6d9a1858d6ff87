/** How much one search may ask. Beyond this it is refused with SEARCH_TOO_COSTLY. SPEC SEARCH-LIMIT */
export const LIMITS = {
  /** Parameters in one query string. */
  parameters: 64,
  /** Values after one another with commas. */
  alternatives: 1000,
  /** Keys that the values of one parameter may become. */
  keys: 20_000,
  /** Steps of chains and reverse chains together. */
  chain: 5,
  /** Types that one step of a chain may lead to when none is named. */
  chainTypes: 20,
  sortKeys: 5,
  /** Rows of a page. */
  count: 1000,
  defaultCount: 20,
  includes: 50,
  /** Words and signs of a full text query. */
  words: 50,
  /** Tests in one `_filter`, its signs, and how deep its parentheses go. */
  filterTests: 50,
  filterLength: 4000,
  filterDepth: 20,
  /** Steps of a hierarchy that `:above` and `:below` follow. */
  hierarchy: 20,
} as const;
