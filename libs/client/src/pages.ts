/** One page of a list and where the next one starts. */
export interface Page<T> {
  items: T[];
  nextPageToken: string;
}

/** All items of a paged list, a page being asked for when the one before is used up. */
export async function* eachItem<T>(nextPage: (pageToken: string) => Promise<Page<T>>): AsyncGenerator<T> {
  let token = '';
  do {
    const page = await nextPage(token);
    yield* page.items;
    token = page.nextPageToken;
  } while (token !== '');
}
