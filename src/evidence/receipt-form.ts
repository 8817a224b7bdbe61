/** The standard forms a receipt of a consent can be had in. */
export const receiptForms = ['dpv-27560', 'kantara'] as const;
export type ReceiptForm = (typeof receiptForms)[number];
