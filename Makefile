# Works with GNU make on Debian and macOS. `make` alone prints the targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamp
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

# A file's tests stay together: they share what is costly to set up. Files come in the order of their names, which has the
# long ones in front; by the number of their tests, those with few long ones would be left for the end, and for one core.
WORKERS := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help report test coverage lint lab bench soak docs lock clean

help: ## print this list / 列出全部命令
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

report: $(STAMP) ## make every report and the index page / 生成全部年报（例：make report ARGS="--year 2021"）
	@$(BIN)/python run_all.py $(ARGS)

test: $(STAMP) ## run the tests / 运行测试（例：make test ARGS="-n 0 -x tests/forms"）
	@$(BIN)/python -m pytest $(WORKERS) $(ARGS)

# Not by the way: following every line costs as much as the tests themselves.
coverage: $(STAMP) ## run the tests and say which lines they reach / 运行测试并统计覆盖率
	@$(BIN)/python -m pytest $(WORKERS) --cov --cov-report=term:skip-covered $(ARGS)

lint: $(STAMP) ## style, types, notebooks without outputs / 检查代码与模板
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python tools/check_notebooks.py

lab: $(STAMP) ## open the template in JupyterLab / 在 JupyterLab 中打开模板（例：make lab ARGS="--no-browser"）
	@$(BIN)/python tools/stored_notebook.py --install
	@OGI_REPORT_PROJECT="$(CURDIR)" $(BIN)/jupyter lab --ServerApp.root_dir="$(CURDIR)" \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate notebooks/annual_report.ipynb $(ARGS)

bench: $(STAMP) ## run the benchmarks / 性能测量
	@set -e; for script in benchmarks/*.py; do \
	  if [ -e "$$script" ]; then echo "== $$script"; $(BIN)/python "$$script"; fi; done

soak: $(STAMP) ## thousands of reports, killed and resumed / 长时间可靠性试验（例：make soak ARGS="--reports 300"）
	@$(BIN)/python tools/soak.py $(ARGS)

docs: $(STAMP) ## regenerate the generated pages of docs/, build the site into build/docs / 生成文档网站
	@$(BIN)/python tools/build_docs.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build
	@echo build/docs/index.html

lock: ## resolve requirements.lock anew from pyproject.toml / 更新依赖锁定文件
	@PYTHON="$(PYTHON)" sh tools/lock.sh

clean: ## remove everything generated, .venv too / 删除所有生成的文件
	rm -rf build dist $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment is made once and brought up to date when the locked versions or the metadata change.
# Both steps name what they install exactly: locked versions with hashes, then this project itself, in place.
# The page templates are among its prerequisites since Jupyter's share/ holds a copy of them, in place or not.
$(STAMP): requirements.lock pyproject.toml $(wildcard src/ogi_report/notebook/templates/ogi_report/*)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "需要 Python 3.11 或更高版本；可用 make PYTHON=/路径/python3.11 指定。" >&2; \
	  echo "Python 3.11 or newer is needed; name one with make PYTHON=/path/to/python3.11" >&2; \
	  echo "($(PYTHON): $$($(PYTHON) --version 2>&1))" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "此 Python 缺少 venv 或 ensurepip；Debian 或 Ubuntu 请先安装：apt install python3-venv" >&2; \
	  echo "This Python has no venv or ensurepip; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "正在准备运行环境，首次约需数分钟 / setting up $(VENV), a few minutes the first time …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
