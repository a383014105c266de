"""`python -m yingsheng.ops` is the same as `yingsheng`."""

from __future__ import annotations

from yingsheng.ops.cli import main

raise SystemExit(main())
