// The states in which an attempt has ended.

export const ENDINGS = new Set(["submitted", "expired", "terminated", "voided"]);
