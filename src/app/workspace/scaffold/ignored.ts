/** What of a workspace never goes to git: secrets, what can be made again, and what holds people's data or tokens. */
export const ignored = `keys/
vault/
.astold/
releases/
evidence/
supplies/
recipient-keys/
proof-*.json
receipt-*.json
opened*.json
`;
