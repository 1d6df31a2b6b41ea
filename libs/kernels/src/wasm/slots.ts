/** Slots of the stage for the operands of kernels: elements, their mask, and cells, or results. */
export const [xSlot, maskSlot, cellSlot, nanSlot, missingSlot, meanSlot] = [0, 1, 2, 3, 4, 5];
/** Values that stand for all elements, 16 bytes each, of kernels that count nothing. */
export const valueSlot = 3;
