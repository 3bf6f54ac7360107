"""Long work: what somebody asked for and `cbt work` does outside of any request, with progress, and can be cancelled.

A new kind of work, in five lines:
1. In a service of your package: `def run(rt, job, progress) -> Mapping` does it, reads `job.arguments` (a canonical
   document) and `read_file(rt, job, "name")`, calls `progress(done, total, "Phase")` often, returns the outcome.
2. Beside it: `DUTY = Duty(kind="package.verb-noun", run=run, phases=("Phase",))`; add it to `cbt.cli.duties.DUTIES`.
3. In a view: `job_id = start(rt, Wanted(kind=..., subject=..., arguments=..., roles=..., page=url_for(...)),
   by=actor(), files={"name": bytes})`, then `return to_job(job_id)` (`cbt.jobs.web`): waits a second, shows the bar.
4. `page` is where the outcome is shown, with `?job=ID` added: `get_job(rt, id)` has `.state`, `.outcome`, `.fault`.
5. Be repeatable: a job whose worker died runs again. `progress` raises when somebody cancelled: let it pass through.
   Korean for the kind and each phase stands in `messages.po` (tested). Refuse with a CbtError: the job fails with it.
"""
