"""Makes every report: `python run_all.py --help` (the same as `ogi-report run`)."""

from ogi_report.cli import run_all

if __name__ == "__main__":
    raise SystemExit(run_all())
