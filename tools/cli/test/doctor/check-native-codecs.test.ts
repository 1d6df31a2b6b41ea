import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { checkNativeCodecs } from '../../src/doctor/check-native-codecs.ts';

describe('doctor: native codecs', () => {
  it('says of each library where it is, or what to install', () => {
    const checks = checkNativeCodecs({});
    assert.deepEqual(
      checks.map(({ name }) => name),
      ['libdeflate', 'liblz4', 'libzstd', 'libaec'],
    );
    for (const { ok, detail } of checks) {
      assert.ok(ok, 'decoding works without');
      const [place] = detail.split(', version');
      if (!existsSync(place)) assert.match(detail, /^not used.*; install .+ \(debian\), .+ \(alpine\)/);
    }
  });

  it('says that they are switched off', () => {
    const [check, ...others] = checkNativeCodecs({ HYPERSLAB_NATIVE_CODECS: 'off' });
    assert.deepEqual(others, []);
    assert.match(check.detail, /HYPERSLAB_NATIVE_CODECS/);
  });
});
