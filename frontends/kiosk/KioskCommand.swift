internal import ArgumentParser
internal import Client
internal import Foundation
internal import Kernel
internal import RPC

/// The self-service terminal.
@main
struct KioskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linli-kiosk",
        abstract: "邻里：自助终端，全屏。Linli: the self-service kiosk, full screen.",
        discussion: """
            例子 Examples:
              linli-kiosk --settings /etc/linli/kiosk.yaml      平时这样启动 as it runs in a hall
              linli-kiosk --settings kiosk.yaml --lobby         大厅叫号屏 the lobby display
              linli-kiosk --settings kiosk.yaml --script test.txt --rows 24 --columns 80
                                                                按脚本走一遍 driven by a script

            F1 中文/English，F2 大字，F3 高对比，F4 首页，F8 朗读，F9 人工，F10 结束。
            退出码 Exit codes: 0 好 fine；1 脚本里有一步没成 a script's step failed；64 参数错 usage。
            """)

    @ArgumentParser.Option(
        name: .long, help: "设置文件。The settings file.", completion: .file(extensions: ["yaml"]))
    var settings: String?
    @ArgumentParser.Option(name: .long, help: "服务器，主机:端口。The server as host:port.")
    var server: String?
    @ArgumentParser.Option(name: .long, help: "信任的根证书。The root to trust, a PEM file.", completion: .file())
    var root: String?
    @ArgumentParser.Option(name: .long, help: "本机的证书。The certificate of this device.", completion: .file())
    var certificate: String?
    @ArgumentParser.Option(name: .long, help: "证书的私钥。Its key.", completion: .file())
    var key: String?
    @ArgumentParser.Option(name: .long, help: "多少秒没人操作就提醒。Seconds without a key before the warning.")
    var idleSeconds: Int?
    @ArgumentParser.Option(name: .long, help: "提醒多少秒后清除。Seconds of the warning.")
    var warningSeconds: Int?
    @ArgumentParser.Option(name: .long, help: "最多隔多少秒报一次状态。At most so many seconds between heartbeats.")
    var heartbeatSeconds: Int?
    @ArgumentParser.Option(
        name: .long, help: "读卡器的程序，或 wedge。The reader's program, or wedge.", completion: .file())
    var cardReader: String?
    @ArgumentParser.Flag(name: .long, help: "大厅叫号屏。The lobby display; takes no input.")
    var lobby = false
    @ArgumentParser.Flag(
        name: .long, help: "试用时可按 Ctrl-C 关掉；大厅里不要写。Ctrl-C closes it: to try it out, never in a hall.")
    var mayClose = false
    @ArgumentParser.Option(name: .long, help: "按这个文件操作，屏幕不接管。Drive it by this file.", completion: .file())
    var script: String?
    @ArgumentParser.Option(name: .long, help: "脚本用的行数。Rows, for scripts.")
    var rows: Int = 24
    @ArgumentParser.Option(name: .long, help: "脚本用的列数。Columns, for scripts.")
    var columns: Int = 80
    // How the program begins anew after a session: not for people.
    @ArgumentParser.Option(name: .long, help: .hidden)
    var after: String?
    @ArgumentParser.Option(name: .long, help: .hidden)
    var scriptLine: Int = 0

    func run() async throws {
        let settings: KioskSettings
        let session: ClientSession
        do {
            settings = try merged()
            session = try Self.session(settings)
        } catch {
            Self.complain("\(error)")
            throw ExitCode(64)
        }
        // A printer's or reader's program that ends early is a failed part, not the end of the kiosk.
        signal(SIGPIPE, SIG_IGN)
        Rebirth.settle()
        let terminal: any KioskTerminal
        do { terminal = try makeTerminal() } catch {
            Self.complain("\(error)")
            throw ExitCode(64)
        }
        if lobby {
            await Lobby(session: session, hall: settings.hall, terminal: terminal).run()
            return terminal.close()
        }
        let runner = Runner(
            settings: settings, session: session, terminal: terminal, parts: Parts(settings),
            lastEnding: after.flatMap(Ending.init(rawValue:)))
        switch await runner.run() {
        case .stopped(let code):
            terminal.close()
            if code != 0 { throw ExitCode(code) }
        case .ended(let ending):
            let line: Int = (terminal as? ScriptTerminal)?.line ?? 0
            terminal.close()
            Rebirth.begin(after: ending, scriptLine: line)
            Self.complain("不能重新启动，请重启一体机。The program could not begin anew. Start the kiosk again.")
            throw ExitCode(1)
        }
    }

    private func merged() throws(KioskSettings.Problem) -> KioskSettings {
        var result: KioskSettings =
            try settings.map { path throws(KioskSettings.Problem) in try KioskSettings.read(path) }
            ?? KioskSettings()
        result.server = server ?? result.server
        result.root = root ?? result.root
        result.certificate = certificate ?? result.certificate
        result.key = key ?? result.key
        result.cardReader = cardReader?.split(separator: " ").map(String.init) ?? result.cardReader
        for seconds in [idleSeconds, warningSeconds, heartbeatSeconds].compactMap(\.self)
        where !(1...KioskSettings.secondsAtMost).contains(seconds) {
            throw KioskSettings.Problem(
                zh: "秒数要在 1 到 \(KioskSettings.secondsAtMost) 之间。",
                en: "Seconds are from 1 to \(KioskSettings.secondsAtMost).")
        }
        result.idleSeconds = idleSeconds ?? result.idleSeconds
        result.warningSeconds = warningSeconds ?? result.warningSeconds
        result.heartbeatSeconds = heartbeatSeconds ?? result.heartbeatSeconds
        result.mayClose = mayClose
        return result
    }

    private static func session(_ settings: KioskSettings) throws -> ClientSession {
        guard let certificate = settings.certificate, let key = settings.key else {
            throw KioskSettings.Problem(
                zh: "一体机要有自己的证书：请写 --certificate 和 --key，或写在设置文件里（linlictl pki issue-device）。",
                en:
                    "A kiosk has a certificate of its own: give --certificate and --key, or name them in the settings."
            )
        }
        let configuration = try ClientConfiguration(
            flags: .init(server: settings.server, rootCertificate: settings.root, language: settings.lang),
            environment: ProcessInfo.processInfo.environment, sessionName: "kiosk-session")
        return try ClientSession(
            device: CertificateFiles(certificateChain: certificate, privateKey: key),
            configuration: configuration)
    }

    private func makeTerminal() throws -> any KioskTerminal {
        if let script {
            return try ScriptTerminal(path: script, rows: rows, columns: columns, line: scriptLine)
        }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, let terminal = NcursesTerminal() else {
            throw KioskSettings.Problem(
                zh: "要在终端里运行；测试请用 --script。", en: "It needs a terminal; for tests use --script.")
        }
        return terminal
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data(("linli-kiosk: " + text + "\n").utf8))
    }
}

/// The end of a process and the beginning of the next: what a session left in memory is gone with it, wherever it was.
enum Rebirth {
    /// Takes leave of the processes that the one before has started.
    static func settle() {
        while waitpid(-1, nil, WNOHANG) > 0 {}
        signal(SIGCHLD, SIG_DFL)
    }

    /// Runs this program again, in this process, with the same options. Returns only if that is impossible.
    static func begin(after ending: Ending, scriptLine: Int) {
        var arguments: [String] = []
        var skips: Bool = false
        for argument in CommandLine.arguments {
            if skips {
                skips = false
            } else if ["--after", "--script-line"].contains(argument) {
                skips = true
            } else {
                arguments.append(argument)
            }
        }
        arguments += ["--after", ending.rawValue, "--script-line", String(scriptLine)]
        // Sockets and pipes end here, whoever opened them.
        for descriptor in Int32(3)..<Int32(1_024) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        // What has not ended by now is nobody's to wait for.
        signal(SIGCHLD, SIG_IGN)
        // The link stays good when the file was replaced by a newer program.
        execv("/proc/self/exe", &pointers)
        pointers.forEach { free($0) }
    }
}
