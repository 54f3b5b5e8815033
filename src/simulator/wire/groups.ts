/**
 * The repeated and nested parts that an order's layouts share: legs, parameters, conditions.
 *
 * Source: `@stoqey/ib` `core/io/encoder.js` (`placeOrder`) and `core/io/decoder.js`
 * (`OrderDecoder`); IB's `EClient.java` and `EOrderDecoder.java`, and `OrderCondition.java`.
 */
import type { ComboLeg, TagValue } from './contract.ts';
import {
  type Cursor,
  misread,
  needed,
  takeFlag,
  takeInteger,
  takeList,
  takeNumber,
  takeText,
} from './cursor.ts';
import type { OrderCondition } from './order.ts';
import { type Part, type Sheet, when } from './parts.ts';
import { doubleText, flagText, plainText } from './spelling.ts';

export const comboLegs: Part = {
  name: 'comboLegs',
  read: (from, { contract }) => {
    const legs = takeList(from, 'comboLegs', 8, legIn);
    if (legs !== undefined) contract.comboLegs = legs;
  },
  write: ({ contract: { comboLegs: legs = [] } }, out) => {
    out.push(String(legs.length));
    for (const leg of legs) {
      out.push(...tradedLeg(leg), plainText(leg.openClose, '0'), plainText(leg.shortSaleSlot, '0'));
      out.push(leg.designatedLocation ?? '', plainText(leg.exemptCode, '-1'));
    }
  },
};

function legIn(from: Cursor, name: string): ComboLeg {
  return {
    ...tradedLegIn(from, name),
    openClose: takeInteger(from, `${name}.openClose`),
    shortSaleSlot: takeInteger(from, `${name}.shortSaleSlot`),
    designatedLocation: takeText(from, `${name}.designatedLocation`),
    exemptCode: takeInteger(from, `${name}.exemptCode`),
  };
}

/** What `reqMktData` says of a leg. */
export function tradedLegIn(from: Cursor, name: string): ComboLeg {
  return {
    conId: takeInteger(from, `${name}.conId`),
    ratio: takeInteger(from, `${name}.ratio`),
    action: takeText(from, `${name}.action`),
    exchange: takeText(from, `${name}.exchange`),
  };
}

const tradedLeg = ({ conId, ratio, action, exchange }: ComboLeg): readonly string[] => [
  plainText(conId, '0'),
  plainText(ratio, '0'),
  action ?? '',
  exchange ?? '',
];

export const orderComboLegs: Part = {
  name: 'orderComboLegs',
  read: (from, { order }) => {
    const legs = takeList(from, 'orderComboLegs', 1, (each, name) => ({
      price: takeNumber(each, `${name}.price`),
    }));
    if (legs !== undefined) order.orderComboLegs = legs;
  },
  write: ({ order: { orderComboLegs: legs = [] } }, out) => {
    out.push(String(legs.length), ...legs.map(({ price }) => doubleText(price)));
  },
};

export const tagValueIn = (from: Cursor, name: string): TagValue => ({
  tag: takeText(from, `${name}.tag`) ?? '',
  value: takeText(from, `${name}.value`) ?? '',
});

/** A count, and then as many pairs. */
export const tagValues = (list: readonly TagValue[] = []): readonly string[] => [
  String(list.length),
  ...list.flatMap(({ tag, value }) => [tag, value]),
];

export const smartComboRoutingParams: Part = {
  name: 'smartComboRoutingParams',
  read: (from, { order }) => {
    const params = takeList(from, 'smartComboRoutingParams', 2, tagValueIn);
    if (params !== undefined) order.smartComboRoutingParams = params;
  },
  write: ({ order }, out) => {
    out.push(...tagValues(order.smartComboRoutingParams));
  },
};

export const algoParams: Part = when(
  ({ order }) => order.algoStrategy !== undefined,
  [
    {
      name: 'algoParams',
      read: (from, { order }) => {
        const params = takeList(from, 'algoParams', 2, tagValueIn);
        if (params !== undefined) order.algoParams = params;
      },
      write: ({ order }, out) => {
        out.push(...tagValues(order.algoParams));
      },
    },
  ],
);

export const deltaNeutralContract: Part = {
  name: 'deltaNeutralContract',
  read: (from, { contract }) => {
    if (takeFlag(from, 'deltaNeutralContract') !== true) return;
    contract.deltaNeutralContract = {
      conId: takeInteger(from, 'deltaNeutralContract.conId'),
      delta: takeNumber(from, 'deltaNeutralContract.delta'),
      price: takeNumber(from, 'deltaNeutralContract.price'),
    };
  },
  write: ({ contract: { deltaNeutralContract: hedged } }, out) => {
    out.push(flagText(hedged !== undefined));
    if (hedged === undefined) return;
    out.push(plainText(hedged.conId, '0'), doubleText(hedged.delta), doubleText(hedged.price));
  },
};

/** Two of the softDollarTier's fields are a client's, the third is TWS's. */
export const softDollarTier = (told: boolean): Part => ({
  name: 'softDollarTier',
  read: (from, { order }) => {
    const name = takeText(from, 'softDollarTier.name');
    const value = takeText(from, 'softDollarTier.value');
    const displayName = told ? takeText(from, 'softDollarTier.displayName') : undefined;
    if (name === undefined && value === undefined && displayName === undefined) return;
    order.softDollarTier = { name, value, displayName };
  },
  write: ({ order: { softDollarTier: tier } }, out) => {
    out.push(tier?.name ?? '', tier?.value ?? '');
    if (told) out.push(tier?.displayName ?? '');
  },
});

/** `PEG BENCH`, and `PEGBENCH`, which IB's own clients accept, too. */
export const isOfType = ({ order: { orderType } }: Sheet, type: string): boolean =>
  orderType === type || orderType === type.replace(' ', '');

export const conditions: Part = {
  name: 'conditions',
  read: (from, { order }) => {
    const list = takeList(from, 'conditions', 4, conditionIn);
    if (list === undefined || from.misread !== undefined) return;
    order.conditions = list;
    order.conditionsIgnoreRth = takeFlag(from, 'conditionsIgnoreRth');
    order.conditionsCancelOrder = takeFlag(from, 'conditionsCancelOrder');
  },
  write: ({ order }, out) => {
    const { conditions: list = [] } = order;
    out.push(String(list.length));
    if (list.length === 0) return;
    for (const condition of list) {
      const joint = condition.joinedBy === 'and' ? 'a' : 'o';
      out.push(String(CONDITION_TYPES[condition.type]), joint, ...conditionFields(condition));
    }
    out.push(flagText(order.conditionsIgnoreRth), flagText(order.conditionsCancelOrder));
  },
};

const CONDITION_TYPES = {
  price: 1,
  time: 3,
  margin: 4,
  execution: 5,
  volume: 6,
  percentChange: 7,
} as const satisfies Record<OrderCondition['type'], number>;

/** Read as nothing where it cannot be read: the cursor then says so, and the order is refused. */
function conditionIn(from: Cursor, name: string): OrderCondition {
  const type = takeInteger(from, `${name}.type`);
  const joint = takeText(from, `${name}.conjunction`)?.toLowerCase();
  if (joint !== 'a' && joint !== 'o') misread(from, `${name}.conjunction`, 'notACondition');
  const joinedBy = joint === 'o' ? 'or' : 'and';
  const isMore = (): boolean => {
    const field = `${name}.isMore`;
    return needed(from, field, takeFlag(from, field), false);
  };
  const word = (field: string): string => takeText(from, `${name}.${field}`) ?? '';
  const whole = (field: string): number => {
    const path = `${name}.${field}`;
    return needed(from, path, takeInteger(from, path), 0);
  };
  const number = (field: string): number => {
    const path = `${name}.${field}`;
    return needed(from, path, takeNumber(from, path), 0);
  };
  const contract = () => ({ conId: whole('conId'), exchange: word('exchange') });
  switch (type) {
    case CONDITION_TYPES.price: {
      const about = { isMore: isMore(), price: number('price'), ...contract() };
      return { type: 'price', joinedBy, ...about, triggerMethod: whole('triggerMethod') };
    }
    case CONDITION_TYPES.time:
      return { type: 'time', joinedBy, isMore: isMore(), time: word('time') };
    case CONDITION_TYPES.margin:
      return { type: 'margin', joinedBy, isMore: isMore(), percent: whole('percent') };
    case CONDITION_TYPES.volume: {
      const about = { isMore: isMore(), volume: whole('volume'), ...contract() };
      return { type: 'volume', joinedBy, ...about };
    }
    case CONDITION_TYPES.percentChange: {
      const about = { isMore: isMore(), changePercent: number('changePercent'), ...contract() };
      return { type: 'percentChange', joinedBy, ...about };
    }
    default: {
      if (type !== CONDITION_TYPES.execution) misread(from, `${name}.type`, 'notACondition');
      const about = { secType: word('secType'), exchange: word('exchange') };
      return { type: 'execution', joinedBy, ...about, symbol: word('symbol') };
    }
  }
}

function conditionFields(condition: OrderCondition): readonly string[] {
  if (condition.type === 'execution') {
    return [condition.secType, condition.exchange, condition.symbol];
  }
  const more = flagText(condition.isMore);
  switch (condition.type) {
    case 'price': {
      const { price, conId, exchange, triggerMethod } = condition;
      return [more, doubleText(price), String(conId), exchange, String(triggerMethod)];
    }
    case 'time':
      return [more, condition.time];
    case 'margin':
      return [more, String(condition.percent)];
    case 'volume':
      return [more, String(condition.volume), String(condition.conId), condition.exchange];
    case 'percentChange': {
      const { changePercent, conId, exchange } = condition;
      return [more, doubleText(changePercent), String(conId), exchange];
    }
  }
}
