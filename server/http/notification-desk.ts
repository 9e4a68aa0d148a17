import type {
  DestinationChangeJson,
  DestinationTestedJson,
  DestinationWishJson,
  DeviceWishJson,
  NotificationDeliveryJson,
  NotificationDestinationJson,
  NotificationsJson,
  NotificationTemplateJson,
  NotificationTemplateWish,
  PushAnsweredJson,
} from '../contract/index.ts';
import type { DeliveryState, NotificationKind } from '../core/model/notification.ts';
import type { Page, PageQuery } from '../core/ports/paging.ts';
import type { Caller } from '../platform/access/roles.ts';

export interface LogQuery extends PageQuery {
  readonly state?: DeliveryState | undefined;
  readonly kind?: string | undefined;
  readonly destinationId?: string | undefined;
}

/** Who is told what, where, in which words, and what came of it. Each throws an `HttpProblem` for what cannot be; null: there is no such one. */
export interface NotificationDesk {
  read(caller: Caller): Promise<NotificationsJson>;
  add(wish: DestinationWishJson, caller: Caller): Promise<NotificationDestinationJson>;
  change(id: string, wish: DestinationChangeJson, caller: Caller): Promise<NotificationDestinationJson | null>;
  remove(id: string, caller: Caller): Promise<NotificationsJson | null>;
  test(id: string, caller: Caller): Promise<DestinationTestedJson | null>;
  log(query: LogQuery, caller: Caller): Promise<Page<NotificationDeliveryJson>>;
  again(id: string, caller: Caller): Promise<boolean>;
  templates(): Promise<NotificationTemplateJson[]>;
  preview(kind: NotificationKind, wish: NotificationTemplateWish): NotificationTemplateWish;
  putTemplate(
    channel: string,
    kind: NotificationKind,
    wish: NotificationTemplateWish,
    caller: Caller,
  ): Promise<NotificationTemplateJson[]>;
  removeTemplate(channel: string, kind: NotificationKind, caller: Caller): Promise<NotificationTemplateJson[]>;
}

/** Devices of people, and what they answer. */
export interface PushDesk {
  add(wish: DeviceWishJson, caller: Caller): Promise<NotificationDestinationJson>;
  change(id: string, wish: DestinationChangeJson, caller: Caller): Promise<NotificationDestinationJson | null>;
  remove(id: string, caller: Caller): Promise<boolean>;
  test(id: string, caller: Caller): Promise<DestinationTestedJson | null>;
  /** The token is the proof of who answers; what may be answered is looked at anew. */
  answer(token: string, verdict: 'approve' | 'reject'): Promise<PushAnsweredJson>;
}
