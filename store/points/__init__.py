"""Points: appended to a log, held in memory, sealed into sorted Parquet segments.

frames, log        what a log looks like, and appending to it durably
committer, intake  one thread makes points durable and visible: group commit
tail               unsealed points in memory
summaries, cold    running summaries, and those in the metadata
registry           sequence ids
lifecycle          when to seal and merge; seal, merge, parquet do it
segments           which files there are, and who still reads them
recovery           opening
reader, longreads  reading; sampling and align thin and align what was read
engine             `PointEngine`, the face of all this
"""
