import { openClusterView } from './cluster/cluster-view.ts';
import { openExplorer } from './explore/explorer-view.ts';
import { parseRoute, type Route } from './route.ts';

/** A view that is shown. */
interface OpenView {
  /** Shows what the address says now. */
  show(route: Route): void;
  close(): void;
}

const main = document.querySelector('main') as HTMLElement;
let open: (OpenView & { name: Route['view'] }) | undefined;

function show(): void {
  const route = parseRoute(location.hash);
  if (open?.name !== route.view) {
    open?.close();
    main.replaceChildren();
    const view = route.view === 'cluster' ? openClusterView(main) : openExplorer(main);
    open = { ...view, name: route.view };
    document.body.dataset.view = route.view;
    for (const link of document.querySelectorAll<HTMLElement>('nav [data-view]')) {
      if (link.dataset.view === route.view) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }
  open?.show(route);
}

document.querySelector('.skip')?.addEventListener('click', (event) => {
  // Not by its address: that says what is shown.
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', show);
show();
