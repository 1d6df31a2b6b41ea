/** Marks in a mask what another one marks. */
export function uniteMasks(other: usize, mask: usize, count: i32): void {
  const end = mask + count;
  const whole = mask + (count & ~15);
  while (mask < whole) {
    v128.store(mask, v128.or(v128.load(mask), v128.load(other)));
    other += 16;
    mask += 16;
  }
  while (mask < end) {
    store<u8>(mask, load<u8>(mask) | load<u8>(other));
    other++;
    mask++;
  }
}
