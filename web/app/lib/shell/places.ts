import Activity from '@lucide/svelte/icons/activity';
import Gauge from '@lucide/svelte/icons/gauge';
import Landmark from '@lucide/svelte/icons/landmark';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import Radio from '@lucide/svelte/icons/radio';
import Scale from '@lucide/svelte/icons/scale';
import Settings from '@lucide/svelte/icons/settings';

/** The pages of the navigation; `key` goes there after `g`. */
export const places = [
  { href: '/', label: 'Overview', key: 'o', icon: Gauge, phone: true },
  { href: '/signals', label: 'Signals', key: 's', icon: Radio, phone: true },
  { href: '/positions', label: 'Positions', key: 'p', icon: Scale, phone: true },
  { href: '/orders', label: 'Orders', key: 'r', icon: ListOrdered, phone: true },
  { href: '/decisions', label: 'Decisions', key: 'd', icon: ListChecks, phone: false },
  { href: '/accounts', label: 'Accounts', key: 'a', icon: Landmark, phone: false },
  { href: '/events', label: 'Events', key: 'e', icon: Activity, phone: false },
  { href: '/settings', label: 'Settings', key: 'c', icon: Settings, phone: false },
] as const;

export const isHere = (href: string, path: string): boolean =>
  href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
