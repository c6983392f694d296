internal import Glibc
internal import Synchronization

/// The one directory in which a server keeps everything, held by one process at a time.
final class DataDirectory: Sendable {
    let path: String
    private let lock: Mutex<Int32>

    var settingsPath: String { path + "/linlid.yaml" }
    var databasePath: String { path + "/linli.sqlite" }
    var keysPath: String { path + "/keys" }
    var pkiPath: String { path + "/pki" }
    var backupsPath: String { path + "/backups" }
    var operatorSignInPath: String { path + "/operator-first-sign-in.txt" }
    var phoneTextsPath: String { path + "/outbox-sms.jsonl" }
    /// Where front ends on the same machine find port and root certificate.
    var addressPath: String { path + "/linlid.json" }

    private init(path: String, lock: Int32) {
        self.path = path
        self.lock = Mutex(lock)
    }

    deinit { lock.withLock { if $0 >= 0 { close($0) } } }

    /// Makes the directory if it is not there, and takes hold of it.
    static func open(_ path: String) throws(StartProblem) -> DataDirectory {
        // Whatever is made from here on is for the owner alone, SQLite's files too.
        umask(0o077)
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw problem(path, "cannot be made", "Make its parent, or choose another place.")
        }
        var status: stat = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw problem(path, "is no directory", "Choose another place.")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw StartProblem(
                what: "\(path) can be entered by others than its owner, and keys lie in it",
                todo: "Run: chmod 700 \(path)")
        }
        guard let absolute = realpath(path, nil) else {
            throw problem(path, "cannot be found", "Choose another place.")
        }
        defer { free(absolute) }
        let full: String = String(cString: absolute)
        let lock: Int32 = Glibc.open(full + "/linlid.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw problem(full, "cannot be written", "Check who owns it.") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw StartProblem(
                what: "another linlid is running on \(full)",
                todo: "Stop it first, or give this one another --data-directory.", exitCode: 75)
        }
        let directory: DataDirectory = DataDirectory(path: full, lock: lock)
        for folder in [directory.keysPath, directory.pkiPath] where mkdir(folder, 0o700) != 0 {
            guard errno == EEXIST else { throw problem(folder, "cannot be made", "Check who owns \(full).") }
        }
        try directory.checkSecrets()
        return directory
    }

    /// The directory of a server that may be running, to look into: takes no hold of it, makes and checks nothing.
    static func look(into path: String) throws(StartProblem) -> DataDirectory {
        guard let absolute = realpath(path, nil) else {
            throw problem(path, "cannot be found", "Name the data directory of a server.")
        }
        defer { free(absolute) }
        return DataDirectory(path: String(cString: absolute), lock: -1)
    }

    /// Lets go of the directory; for a server that was stopped inside a process that goes on.
    func release() {
        lock.withLock { lock in
            close(lock)
            lock = -1
        }
    }

    /// Refuses files with secrets that others can read.
    private func checkSecrets() throws(StartProblem) {
        var files: [String] = [operatorSignInPath, phoneTextsPath, databasePath]
        files += DataDirectory.names(in: keysPath).map { "\(keysPath)/\($0)" }
        files += DataDirectory.names(in: pkiPath).filter { $0.hasSuffix("key.pem") }.map {
            "\(pkiPath)/\($0)"
        }
        for file in files {
            var status: stat = stat()
            guard stat(file, &status) == 0 else { continue }
            guard status.st_mode & 0o077 == 0 else {
                throw StartProblem(
                    what: "\(file) holds secrets and can be read by others than its owner",
                    todo: "Run: chmod 600 \(file)   and think about who may have read it.")
            }
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name: String = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func problem(_ path: String, _ what: String, _ todo: String) -> StartProblem {
        StartProblem(what: "\(path) \(what): \(String(cString: strerror(errno)))", todo: todo)
    }
}
