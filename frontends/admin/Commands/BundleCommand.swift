import ArgumentParser
import Contract
import Kernel

/// `linlictl bundle …`: which matters are handled at once 一件事, and what waits for what. Residents apply for them in the
/// chatbot or at a kiosk; each part is an application of its own at its department.
struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "一件事 Several matters at once", subcommands: [List.self, Show.self])

    private static func all(_ console: Console) async throws -> [OneStopV1.Bundle] {
        try await console.bundles.listBundles(.init(), options: console.call).bundles
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "有哪些 List them")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                console.printer.list(
                    try await BundleCommand.all(console),
                    [
                        Column("id", "编号") { String($0.name.dropFirst("bundles/".count)) },
                        Column("title", "名称") { language.text($0.title) },
                        Column("parts", "几项") { (row: OneStopV1.Bundle) -> Cell in
                            .number(Int64(row.parts.count))
                        },
                        Column("description", "说明") { language.text($0.description) },
                    ], empty: ("还没有一件事。用 import document bundles 导入。", "There are none. Import some."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "由哪些事项组成，先后怎样 Its parts, and what has to be granted first")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号。Id.") var id: String

        func run() async throws {
            try await options.withConsole { console in
                let language: Language = console.printer.language
                let name: String = Names.prefixed(id, with: "bundles/")
                guard let found = try await BundleCommand.all(console).first(where: { $0.name == name })
                else {
                    throw Failure(
                        exitCode: .notFound, zh: "没有这个一件事。请用 bundle list 查看。",
                        en: "There is no such bundle. See bundle list.", language: language)
                }
                console.printer.say(
                    "\(Language.chinese.text(found.title))：\(Language.chinese.text(found.description))",
                    "\(Language.english.text(found.title)): \(Language.english.text(found.description))")
                console.printer.list(
                    found.parts,
                    [
                        Column("item", "事项编号") { String($0.item.dropFirst("items/".count)) },
                        Column("title", "事项") { $0.itemText },
                        Column("after", "要等") { (row: OneStopV1.BundlePart) -> Cell in
                            .list(
                                row.after.map { item in
                                    found.parts.first { $0.item == item }?.itemText ?? item
                                })
                        },
                        Column("optional", "可以不办") { (row: OneStopV1.BundlePart) -> Cell in
                            .flag(row.optional)
                        },
                    ], empty: ("里面还没有事项。", "It has no parts."))
            }
        }
    }
}
