module tollgate/workloads/go

go 1.24
