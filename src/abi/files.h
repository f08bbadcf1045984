/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Constants and layouts of descriptors, files and the tree.
 * Refuses to know: where the bytes of a file are.
 */
#ifndef TOLLGATE_ABI_FILES_H
#define TOLLGATE_ABI_FILES_H

#include "abi/base.h"

/* open flags, riscv64 values (the generic ones) */
enum {
	G_O_ACCMODE = 03,
	G_O_RDONLY = 0,
	G_O_WRONLY = 01,
	G_O_RDWR = 02,
	G_O_CREAT = 0100,
	G_O_EXCL = 0200,
	G_O_NOCTTY = 0400,
	G_O_TRUNC = 01000,
	G_O_APPEND = 02000,
	G_O_NONBLOCK = 04000,
	G_O_DSYNC = 010000,
	G_O_ASYNC = 020000,
	G_O_DIRECT = 040000,
	G_O_LARGEFILE = 0100000,
	G_O_DIRECTORY = 0200000,
	G_O_NOFOLLOW = 0400000,
	G_O_NOATIME = 01000000,
	G_O_CLOEXEC = 02000000,
	G_O_SYNC = 04010000,
	G_O_PATH = 010000000,
	G_O_TMPFILE = 020200000,
};
enum { G_O_SYNC_BIT = 04000000, G_O_TMPFILE_BIT = 020000000 }; /* without the implied flag */

/* openat2 */
enum {
	G_RESOLVE_NO_XDEV = 0x1,
	G_RESOLVE_NO_MAGICLINKS = 0x2,
	G_RESOLVE_NO_SYMLINKS = 0x4,
	G_RESOLVE_BENEATH = 0x8,
	G_RESOLVE_IN_ROOT = 0x10,
	G_RESOLVE_CACHED = 0x20,
};

struct g_open_how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};
G_SIZE(open_how, 24);
G_AT(open_how, flags, 0);
G_AT(open_how, mode, 8);
G_AT(open_how, resolve, 16);

/* the at family */
enum {
	G_AT_FDCWD = -100,
	G_AT_SYMLINK_NOFOLLOW = 0x100,
	G_AT_SYMLINK_FOLLOW = 0x400,
	G_AT_NO_AUTOMOUNT = 0x800,
	G_AT_EMPTY_PATH = 0x1000,
	G_AT_REMOVEDIR = 0x200,
	G_AT_EACCESS = 0x200,
	G_AT_STATX_SYNC_TYPE = 0x6000,
	G_AT_STATX_SYNC_AS_STAT = 0x0,
	G_AT_STATX_FORCE_SYNC = 0x2000,
	G_AT_STATX_DONT_SYNC = 0x4000,
	G_AT_RECURSIVE = 0x8000,
};

enum { G_F_OK = 0, G_X_OK = 1, G_W_OK = 2, G_R_OK = 4 };

enum {
	G_SEEK_SET = 0,
	G_SEEK_CUR = 1,
	G_SEEK_END = 2,
	G_SEEK_DATA = 3,
	G_SEEK_HOLE = 4,
};

enum {
	G_RENAME_NOREPLACE = 0x1,
	G_RENAME_EXCHANGE = 0x2,
	G_RENAME_WHITEOUT = 0x4,
};

/* mode */
enum {
	G_S_IFMT = 0170000,
	G_S_IFSOCK = 0140000,
	G_S_IFLNK = 0120000,
	G_S_IFREG = 0100000,
	G_S_IFBLK = 060000,
	G_S_IFDIR = 040000,
	G_S_IFCHR = 020000,
	G_S_IFIFO = 010000,
	G_S_ISUID = 04000,
	G_S_ISGID = 02000,
	G_S_ISVTX = 01000,
	G_S_IRWXU = 0700,
	G_S_IRUSR = 0400,
	G_S_IWUSR = 0200,
	G_S_IXUSR = 0100,
	G_S_IRWXG = 070,
	G_S_IRGRP = 040,
	G_S_IWGRP = 020,
	G_S_IXGRP = 010,
	G_S_IRWXO = 07,
	G_S_IROTH = 04,
	G_S_IWOTH = 02,
	G_S_IXOTH = 01,
};

struct g_stat {
	uint64_t dev;
	uint64_t ino;
	uint32_t mode;
	uint32_t nlink;
	uint32_t uid;
	uint32_t gid;
	uint64_t rdev;
	uint64_t pad1;
	int64_t size;
	int32_t blksize;
	int32_t pad2;
	int64_t blocks; /* of 512 bytes */
	struct g_timespec atime;
	struct g_timespec mtime;
	struct g_timespec ctime;
	uint32_t unused[2];
};
G_SIZE(stat, 128);
G_AT(stat, dev, 0);
G_AT(stat, ino, 8);
G_AT(stat, mode, 16);
G_AT(stat, nlink, 20);
G_AT(stat, uid, 24);
G_AT(stat, gid, 28);
G_AT(stat, rdev, 32);
G_AT(stat, size, 48);
G_AT(stat, blksize, 56);
G_AT(stat, blocks, 64);
G_AT(stat, atime, 72);
G_AT(stat, mtime, 88);
G_AT(stat, ctime, 104);
G_AT(stat, unused, 120);

/* statx */
enum {
	G_STATX_TYPE = 0x1,
	G_STATX_MODE = 0x2,
	G_STATX_NLINK = 0x4,
	G_STATX_UID = 0x8,
	G_STATX_GID = 0x10,
	G_STATX_ATIME = 0x20,
	G_STATX_MTIME = 0x40,
	G_STATX_CTIME = 0x80,
	G_STATX_INO = 0x100,
	G_STATX_SIZE = 0x200,
	G_STATX_BLOCKS = 0x400,
	G_STATX_BASIC_STATS = 0x7ff,
	G_STATX_ALL = 0xfff,
	G_STATX_BTIME = 0x800,
	G_STATX_MNT_ID = 0x1000,
	G_STATX_DIOALIGN = 0x2000,
	G_STATX_MNT_ID_UNIQUE = 0x4000,
	G_STATX_SUBVOL = 0x8000,
	G_STATX_WRITE_ATOMIC = 0x10000,
	G_STATX_ATTR_COMPRESSED = 0x4,
	G_STATX_ATTR_IMMUTABLE = 0x10,
	G_STATX_ATTR_APPEND = 0x20,
	G_STATX_ATTR_NODUMP = 0x40,
	G_STATX_ATTR_ENCRYPTED = 0x800,
	G_STATX_ATTR_AUTOMOUNT = 0x1000,
	G_STATX_ATTR_MOUNT_ROOT = 0x2000,
	G_STATX_ATTR_VERITY = 0x100000,
	G_STATX_ATTR_DAX = 0x200000,
};
#define G_STATX__RESERVED 0x80000000u

struct g_statx_timestamp {
	int64_t sec;
	uint32_t nsec;
	int32_t reserved;
};
G_SIZE(statx_timestamp, 16);
G_AT(statx_timestamp, nsec, 8);

struct g_statx {
	uint32_t mask;
	uint32_t blksize;
	uint64_t attributes;
	uint32_t nlink;
	uint32_t uid;
	uint32_t gid;
	uint16_t mode;
	uint16_t spare0;
	uint64_t ino;
	uint64_t size;
	uint64_t blocks;
	uint64_t attributes_mask;
	struct g_statx_timestamp atime;
	struct g_statx_timestamp btime;
	struct g_statx_timestamp ctime;
	struct g_statx_timestamp mtime;
	uint32_t rdev_major;
	uint32_t rdev_minor;
	uint32_t dev_major;
	uint32_t dev_minor;
	uint64_t mnt_id;
	uint32_t dio_mem_align;
	uint32_t dio_offset_align;
	uint64_t subvol;
	uint32_t atomic_write_unit_min;
	uint32_t atomic_write_unit_max;
	uint32_t atomic_write_segments_max;
	uint32_t spare1;
	uint64_t spare3[9];
};
G_SIZE(statx, 256);
G_AT(statx, mask, 0);
G_AT(statx, blksize, 4);
G_AT(statx, attributes, 8);
G_AT(statx, nlink, 16);
G_AT(statx, uid, 20);
G_AT(statx, gid, 24);
G_AT(statx, mode, 28);
G_AT(statx, ino, 32);
G_AT(statx, size, 40);
G_AT(statx, blocks, 48);
G_AT(statx, attributes_mask, 56);
G_AT(statx, atime, 64);
G_AT(statx, btime, 80);
G_AT(statx, ctime, 96);
G_AT(statx, mtime, 112);
G_AT(statx, rdev_major, 128);
G_AT(statx, rdev_minor, 132);
G_AT(statx, dev_major, 136);
G_AT(statx, dev_minor, 140);
G_AT(statx, mnt_id, 144);
G_AT(statx, dio_mem_align, 152);
G_AT(statx, dio_offset_align, 156);
G_AT(statx, subvol, 160);
G_AT(statx, atomic_write_unit_min, 168);
G_AT(statx, atomic_write_unit_max, 172);
G_AT(statx, atomic_write_segments_max, 176);
G_AT(statx, spare3, 184);

/* utimensat: instead of nanoseconds */
enum { G_UTIME_NOW = 0x3fffffff, G_UTIME_OMIT = 0x3ffffffe };

/* getdents64: a record, its name (zero-ended) behind it, padded to 8 bytes */
struct g_dirent64 {
	uint64_t ino;
	int64_t off;
	uint16_t reclen;
	uint8_t type;
	char name[5]; /* as far as the padding goes; names go on */
};
G_SIZE(dirent64, 24);
G_AT(dirent64, ino, 0);
G_AT(dirent64, off, 8);
G_AT(dirent64, reclen, 16);
G_AT(dirent64, type, 18);
G_AT(dirent64, name, 19);
enum {
	G_DT_UNKNOWN = 0,
	G_DT_FIFO = 1,
	G_DT_CHR = 2,
	G_DT_DIR = 4,
	G_DT_BLK = 6,
	G_DT_REG = 8,
	G_DT_LNK = 10,
	G_DT_SOCK = 12,
};

struct g_statfs {
	int64_t type;
	int64_t bsize;
	int64_t blocks;
	int64_t bfree;
	int64_t bavail;
	int64_t files;
	int64_t ffree;
	int32_t fsid[2];
	int64_t namelen;
	int64_t frsize;
	int64_t flags;
	int64_t spare[4];
};
G_SIZE(statfs, 120);
G_AT(statfs, type, 0);
G_AT(statfs, bsize, 8);
G_AT(statfs, blocks, 16);
G_AT(statfs, bfree, 24);
G_AT(statfs, bavail, 32);
G_AT(statfs, files, 40);
G_AT(statfs, ffree, 48);
G_AT(statfs, fsid, 56);
G_AT(statfs, namelen, 64);
G_AT(statfs, frsize, 72);
G_AT(statfs, flags, 80);
enum {
	G_TMPFS_MAGIC = 0x1021994,
	G_PROC_SUPER_MAGIC = 0x9fa0,
	G_SYSFS_MAGIC = 0x62656572,
	G_PIPEFS_MAGIC = 0x50495045,
	G_SOCKFS_MAGIC = 0x534f434b,
	G_ANON_INODE_FS_MAGIC = 0x9041934,
	G_ST_RDONLY = 0x1,
	G_ST_NOSUID = 0x2,
	G_ST_NODEV = 0x4,
	G_ST_NOEXEC = 0x8,
	G_ST_VALID = 0x20,
	G_ST_NOATIME = 0x400,
	G_ST_RELATIME = 0x1000,
};

/* fcntl */
enum {
	G_F_DUPFD = 0,
	G_F_GETFD = 1,
	G_F_SETFD = 2,
	G_F_GETFL = 3,
	G_F_SETFL = 4,
	G_F_GETLK = 5,
	G_F_SETLK = 6,
	G_F_SETLKW = 7,
	G_F_SETOWN = 8,
	G_F_GETOWN = 9,
	G_F_SETSIG = 10,
	G_F_GETSIG = 11,
	G_F_SETOWN_EX = 15,
	G_F_GETOWN_EX = 16,
	G_F_GETOWNER_UIDS = 17,
	G_F_OFD_GETLK = 36,
	G_F_OFD_SETLK = 37,
	G_F_OFD_SETLKW = 38,
	G_F_SETLEASE = 1024,
	G_F_GETLEASE = 1025,
	G_F_NOTIFY = 1026,
	G_F_DUPFD_QUERY = 1027,
	G_F_DUPFD_CLOEXEC = 1030,
	G_F_SETPIPE_SZ = 1031,
	G_F_GETPIPE_SZ = 1032,
	G_F_ADD_SEALS = 1033,
	G_F_GET_SEALS = 1034,
	G_F_GET_RW_HINT = 1035,
	G_F_SET_RW_HINT = 1036,
	G_F_GET_FILE_RW_HINT = 1037,
	G_F_SET_FILE_RW_HINT = 1038,
	G_FD_CLOEXEC = 1,
	G_F_RDLCK = 0,
	G_F_WRLCK = 1,
	G_F_UNLCK = 2,
	G_F_OWNER_TID = 0,
	G_F_OWNER_PID = 1,
	G_F_OWNER_PGRP = 2,
};
enum {
	G_F_SEAL_SEAL = 0x1,
	G_F_SEAL_SHRINK = 0x2,
	G_F_SEAL_GROW = 0x4,
	G_F_SEAL_WRITE = 0x8,
	G_F_SEAL_FUTURE_WRITE = 0x10,
	G_F_SEAL_EXEC = 0x20,
};

struct g_flock {
	int16_t type;
	int16_t whence;
	uint32_t pad1;
	int64_t start;
	int64_t len;
	int32_t pid;
	uint32_t pad2;
};
G_SIZE(flock, 32);
G_AT(flock, type, 0);
G_AT(flock, whence, 2);
G_AT(flock, start, 8);
G_AT(flock, len, 16);
G_AT(flock, pid, 24);

struct g_f_owner_ex {
	int32_t type;
	int32_t pid;
};
G_SIZE(f_owner_ex, 8);
G_AT(f_owner_ex, pid, 4);

/* flock */
enum {
	G_LOCK_SH = 1,
	G_LOCK_EX = 2,
	G_LOCK_NB = 4,
	G_LOCK_UN = 8,
};

/* other calls on open files */
enum {
	G_FALLOC_FL_KEEP_SIZE = 0x1,
	G_FALLOC_FL_PUNCH_HOLE = 0x2,
	G_FALLOC_FL_NO_HIDE_STALE = 0x4,
	G_FALLOC_FL_COLLAPSE_RANGE = 0x8,
	G_FALLOC_FL_ZERO_RANGE = 0x10,
	G_FALLOC_FL_INSERT_RANGE = 0x20,
	G_FALLOC_FL_UNSHARE_RANGE = 0x40,
};
enum {
	G_POSIX_FADV_NORMAL = 0,
	G_POSIX_FADV_RANDOM = 1,
	G_POSIX_FADV_SEQUENTIAL = 2,
	G_POSIX_FADV_WILLNEED = 3,
	G_POSIX_FADV_DONTNEED = 4,
	G_POSIX_FADV_NOREUSE = 5,
};
enum {
	G_SYNC_FILE_RANGE_WAIT_BEFORE = 0x1,
	G_SYNC_FILE_RANGE_WRITE = 0x2,
	G_SYNC_FILE_RANGE_WAIT_AFTER = 0x4,
	G_RWF_HIPRI = 0x1,
	G_RWF_DSYNC = 0x2,
	G_RWF_SYNC = 0x4,
	G_RWF_NOWAIT = 0x8,
	G_RWF_APPEND = 0x10,
	G_RWF_NOAPPEND = 0x20,
	G_RWF_ATOMIC = 0x40,
	G_CLOSE_RANGE_UNSHARE = 0x2,
	G_CLOSE_RANGE_CLOEXEC = 0x4,
	G_XATTR_CREATE = 0x1,
	G_XATTR_REPLACE = 0x2,
	G_SPLICE_F_MOVE = 1,
	G_SPLICE_F_NONBLOCK = 2,
	G_SPLICE_F_MORE = 4,
	G_SPLICE_F_GIFT = 8,
};

/* ioctl */
enum {
	G_TCGETS = 0x5401,
	G_TCSETS = 0x5402,
	G_TCSETSW = 0x5403,
	G_TCSETSF = 0x5404,
	G_TCSBRK = 0x5409,
	G_TIOCSCTTY = 0x540e,
	G_TIOCGPGRP = 0x540f,
	G_TIOCSPGRP = 0x5410,
	G_TIOCOUTQ = 0x5411,
	G_TIOCGWINSZ = 0x5413,
	G_TIOCSWINSZ = 0x5414,
	G_TIOCNOTTY = 0x5422,
	G_TIOCGSID = 0x5429,
	G_FIONREAD = 0x541b,
	G_FIONBIO = 0x5421,
	G_FIOASYNC = 0x5452,
	G_FIONCLEX = 0x5450,
	G_FIOCLEX = 0x5451,
	G_FIOQSIZE = 0x5460,
	G_FICLONE = 0x40049409,
	G_FS_IOC_SETFLAGS = 0x40086602,
	G_TIOCSPTLCK = 0x40045431,
};
#define G_FS_IOC_GETFLAGS 0x80086601u
#define G_TCGETS2         0x802c542au
#define G_TIOCGPTN        0x80045430u

struct g_termios {
	uint32_t iflag;
	uint32_t oflag;
	uint32_t cflag;
	uint32_t lflag;
	uint8_t line;
	uint8_t cc[19];
};
G_SIZE(termios, 36);
G_AT(termios, line, 16);
G_AT(termios, cc, 17);

struct g_winsize {
	uint16_t row;
	uint16_t col;
	uint16_t xpixel;
	uint16_t ypixel;
};
G_SIZE(winsize, 8);

struct g_file_handle {
	uint32_t bytes;
	int32_t type;
};
G_SIZE(file_handle, 8);

#endif
