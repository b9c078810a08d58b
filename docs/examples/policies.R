# What each policy adds to an indicator over the last year, from a table that `coprod-sim export` has written.
# Base R alone.
#
#     Rscript docs/examples/policies.R tables/behaviorspace.csv need_closed policies.csv

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 3) stop("must be given a table, an indicator and the file to write")
indicator <- arguments[2]

# Six lines stand before the header, as in any table of BehaviorSpace.
months <- read.csv(arguments[1], skip = 6, check.names = FALSE, encoding = "UTF-8")
if (!indicator %in% names(months)) stop(paste("no such column:", indicator))

last_year <- months[months[["[step]"]] > max(months[["[step]"]]) - 12, ]
runs <- aggregate(last_year[indicator], last_year[c("scenario", "draw", "replication")], mean)
names(runs)[4] <- "level"

# Runs of the same draw and replication are compared as a pair.
today <- runs[runs$scenario == "today", c("draw", "replication", "level")]
pairs <- merge(runs, today, by = c("draw", "replication"), suffixes = c("", "_today"))
pairs$gain <- pairs$level - pairs$level_today

table <- aggregate(pairs[c("level", "gain")], pairs["scenario"], mean)
table$pairs <- as.vector(base::table(pairs$scenario)[table$scenario])
write.csv(table, arguments[3], row.names = FALSE, fileEncoding = "UTF-8")
print(table)
