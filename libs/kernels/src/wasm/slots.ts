/** Slots of the stage for the operands of reductions: elements, their mask, and cells. */
export const [xSlot, maskSlot, cellSlot, nanSlot, missingSlot, meanSlot] = [0, 1, 2, 3, 4, 5];
