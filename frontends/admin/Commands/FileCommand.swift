import ArgumentParser
import Contract
import Foundation
import Kernel
import RPC

/// `linlictl file …`: photos and materials of cases and applications, for those who handle them.
struct FileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file", abstract: "照片和材料 Photos and materials", subcommands: [Download.self])

    struct Download: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "下载一个文件 Download a file",
            discussion: """
                例子 linlictl file download files/019e… 合同.pdf
                材料可能有个人信息：存下的文件只有您能读，用完请删。What is about a person is readable by you only; delete it after use.
                """)
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号（show 里的 files/…）。Name.") var name: String
        @Argument(help: "存到哪个文件；已有的不覆盖。File; never overwritten.", completion: .file()) var file: String

        func run() async throws {
            let target: NewFile = try NewFile(at: file)
            try await options.withConsole { console in
                var content: Data = Data()
                let chunks = console.files.downloadFile(
                    .init(name: Names.prefixed(name, with: "files/")), options: console.call)
                for try await chunk: PlatformV1.FileChunk in chunks { content += chunk.data }
                try target.write(content)
                console.printer.say("✓ 已存到 \(file)", "✓ Written to \(file)")
            }
        }
    }
}
