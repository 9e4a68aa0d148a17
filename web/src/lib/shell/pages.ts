import Activity from '@lucide/svelte/icons/activity';
import Bell from '@lucide/svelte/icons/bell';
import BellRing from '@lucide/svelte/icons/bell-ring';
import ChartCandlestick from '@lucide/svelte/icons/chart-candlestick';
import ChartLine from '@lucide/svelte/icons/chart-line';
import Disc from '@lucide/svelte/icons/disc';
import FileCode from '@lucide/svelte/icons/file-code';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Gauge from '@lucide/svelte/icons/gauge';
import KeyRound from '@lucide/svelte/icons/key-round';
import KeySquare from '@lucide/svelte/icons/key-square';
import Landmark from '@lucide/svelte/icons/landmark';
import ListChecks from '@lucide/svelte/icons/list-checks';
import MailX from '@lucide/svelte/icons/mail-x';
import Radio from '@lucide/svelte/icons/radio';
import Scale from '@lucide/svelte/icons/scale';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Search from '@lucide/svelte/icons/search';
import Send from '@lucide/svelte/icons/send';
import Settings from '@lucide/svelte/icons/settings';
import Shield from '@lucide/svelte/icons/shield';
import SpellCheck from '@lucide/svelte/icons/spell-check';
import Stamp from '@lucide/svelte/icons/stamp';
import Tags from '@lucide/svelte/icons/tags';
import UserRound from '@lucide/svelte/icons/user-round';
import Users from '@lucide/svelte/icons/users';
import Wallet from '@lucide/svelte/icons/wallet';
import Waypoints from '@lucide/svelte/icons/waypoints';
import type { Role } from '../api/contract.ts';
import { live } from '../api/live.svelte.ts';

interface Page {
  readonly href: string;
  readonly label: string;
  readonly key: string;
  readonly icon: typeof Gauge;
  readonly thumb: boolean;
  readonly embedded?: boolean;
  readonly admin?: boolean;
  /** Only for these roles. */
  readonly roles?: readonly Role[];
}

/**
 * Every page of the navigation; `key` follows `g` on the keyboard. `thumb`: in the bar at a phone's foot. `embedded`: only where the
 * embedded exchange runs, for those who may trade. `admin`: for administrators.
 */
const every: readonly Page[] = [
  { href: '/', label: 'Overview', key: 'o', icon: Gauge, thumb: true },
  { href: '/signals', label: 'Signals', key: 's', icon: Radio, thumb: true },
  { href: '/orders', label: 'Orders', key: 'r', icon: ListChecks, thumb: true },
  { href: '/positions', label: 'Positions', key: 'p', icon: Wallet, thumb: true },
  { href: '/strategies', label: 'Strategies', key: 'y', icon: Waypoints, thumb: false },
  { href: '/charts', label: 'Charts', key: 'b', icon: ChartCandlestick, thumb: false },
  { href: '/approvals', label: 'Approvals', key: 'v', icon: Stamp, thumb: false },
  { href: '/search', label: 'Search', key: 'f', icon: Search, thumb: false },
  { href: '/decisions', label: 'Rules', key: 'd', icon: Scale, thumb: false },
  { href: '/risk', label: 'Risk', key: 'k', icon: Shield, thumb: false },
  { href: '/performance', label: 'Performance', key: 'm', icon: ChartLine, thumb: false },
  { href: '/accounts', label: 'Accounts', key: 'a', icon: Landmark, thumb: false },
  { href: '/instruments', label: 'Instruments', key: 'i', icon: Tags, thumb: false },
  { href: '/alarms', label: 'Alarms', key: 'l', icon: Bell, thumb: false },
  { href: '/notifications', label: 'Notifications', key: '1', icon: BellRing, thumb: false },
  { href: '/dead-letters', label: 'Dead letters', key: 'j', icon: MailX, thumb: false },
  { href: '/events', label: 'Events', key: 'e', icon: Activity, thumb: false },
  { href: '/audit', label: 'Audit', key: '8', icon: ScrollText, thumb: false, roles: ['admin', 'analyst'] },
  { href: '/tokens', label: 'API tokens', key: '9', icon: KeySquare, thumb: false },
  { href: '/test', label: 'Test alert', key: 't', icon: Send, thumb: false },
  { href: '/lint', label: 'Check alert', key: 'h', icon: SpellCheck, thumb: false },
  { href: '/sources', label: 'Sources', key: 'u', icon: KeyRound, thumb: false },
  { href: '/recordings', label: 'Recordings', key: 'w', icon: Disc, thumb: false },
  { href: '/pine', label: 'Pine scripts', key: 'n', icon: FileCode, thumb: false },
  { href: '/exchange', label: 'Exchange', key: 'x', icon: FlaskConical, thumb: false, embedded: true },
  { href: '/users', label: 'Users', key: 'q', icon: Users, thumb: false, admin: true },
  { href: '/account', label: 'Your account', key: 'z', icon: UserRound, thumb: false },
  { href: '/settings', label: 'Settings', key: 'c', icon: Settings, thumb: false },
];

/** The pages there are for whoever is signed in. */
export const shownPages = (): readonly Page[] =>
  every.filter(
    (page) =>
      (!page.embedded || (live.mayTrade && live.runsExchange)) &&
      (!page.roles || (live.me !== null && page.roles.includes(live.me.role))) &&
      (!page.admin || live.me?.role === 'admin'),
  );
