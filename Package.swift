// swift-tools-version: 6.2
import PackageDescription

// One package: `package` access reaches every target and nothing is public. The target graph below is the module graph
// of Sources/README.md; the tests in Tests/ArchitectureTests hold the imports against it.

/// Targets for fuzzing, and what RPC opens to them, exist only when the environment says so: see ops/lib/fuzz.
let isFuzzing: Bool = Context.environment["LINLI_FUZZ"] != nil

let settings: [SwiftSetting] =
    [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (isFuzzing ? [.define("LINLI_FUZZ")] : [])

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A target of our own code with the house's compiler settings.
func library(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", swiftSettings: settings)
}
/// One of the five modules that residents and officials see.
func module(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    library(
        name, path: "Sources/Modules/\(name)",
        ["Kernel", "Storage", "RPC", "Contract", "Platform", logging] + more)
}
func program(_ name: String, path: String, exclude: [String] = [], _ dependencies: [Target.Dependency])
    -> Target
{
    .executableTarget(
        name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings)
}
/// `exclude` names folders of golden files, which tests read by their path.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        swiftSettings: settings)
}
/// C code of our own: the generated codecs, and the arena below them.
func codec(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: path ?? "Sources/C/\(name)")
}
func systemLibrary(_ name: String, pkgConfig: String?, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
    name: "linli",
    products: [
        .executable(name: "linlid", targets: ["linlid"]),
        .executable(name: "linli", targets: ["linli"]),
        .executable(name: "linli-kiosk", targets: ["linli-kiosk"]),
        .executable(name: "linlictl", targets: ["linlictl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // What Debian provides, seen through module maps.
        systemLibrary("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        systemLibrary("CNghttp2", pkgConfig: "libnghttp2", apt: "libnghttp2-dev"),
        systemLibrary("CProtobufC", pkgConfig: "libprotobuf-c", apt: "libprotobuf-c-dev"),
        systemLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        systemLibrary("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        systemLibrary("CArgon2", pkgConfig: "libargon2", apt: "libargon2-dev"),
        systemLibrary("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
        systemLibrary("CLibedit", pkgConfig: "libedit", apt: "libedit-dev"),
        systemLibrary("CQRencode", pkgConfig: "libqrencode", apt: "libqrencode-dev"),
        systemLibrary("CCairo", pkgConfig: "cairo", apt: "libcairo2-dev"),
        // PDF pages over cairo and pango, whose GObject types do not reach Swift. Pango's folders stand here, since its
        // pkg-config file asks for -pthread, about which SwiftPM warns at each build.
        .target(
            name: "CPaper", dependencies: ["CCairo"], path: "Sources/C/CPaper",
            cSettings: [.unsafeFlags(["-I/usr/include/pango-1.0", "-I/usr/include/harfbuzz"])],
            linkerSettings: ["pangocairo-1.0", "pango-1.0", "gobject-2.0", "glib-2.0"].map {
                .linkedLibrary($0)
            }),

        // The codecs that protoc-c makes, and the generator that asks for them.
        codec("CWire", ["CProtobufC"]),
        codec("CRPCMessages", ["CProtobufC"]),
        codec("CContract", ["CProtobufC", "CRPCMessages"]),
        codec("CProtocPlugin", ["CProtobufC"]),

        // What the kiosk has between it and a terminal, and between it and pinyin.
        .target(
            name: "CNcurses", path: "Sources/C/CNcurses", linkerSettings: [.linkedLibrary("ncursesw")]),
        .target(
            name: "CPinyin", path: "Sources/C/CPinyin", linkerSettings: [.linkedLibrary("googlepinyin")]),
        .executableTarget(
            name: "protoc-gen-linli", dependencies: ["CProtocPlugin"], path: "ops/generator",
            exclude: ["proto"], swiftSettings: settings),

        // The foundation.
        library("Kernel", []),
        library("Crypto", ["Kernel", "COpenSSL", "CArgon2", "CZlib"]),
        library(
            "RPC",
            nio + [
                "Kernel", "Crypto", "COpenSSL", "CNghttp2", "CProtobufC", "CWire",
                "CRPCMessages", "CZlib", logging,
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        library("Paper", ["Kernel", "CPaper", "CQRencode"]),
        library("Storage", ["Kernel", "CSQLite", "COpenSSL", logging]),
        library("Contract", ["Kernel", "RPC", "CContract"]),
        library(
            "Platform",
            nio + [
                "Kernel", "Crypto", "Storage", "RPC", "Contract", "CTurboJPEG", "CZlib", logging, yaml,
                .product(name: "Metrics", package: "swift-metrics"),
            ]),

        // What it is for.
        // It signs certificates and draws them.
        module("OneStop", ["Crypto", "Paper", metrics]),
        module("ResidentServices"),
        module("GrassrootsWork"),
        module("CommunityLife"),
        module("LifeCircle"),

        // The programs.
        program(
            "linlid", path: "Sources/linlid",
            nio + [
                "Kernel", "Crypto", "RPC", "Storage", "Contract", "Platform", "OneStop", "ResidentServices",
                "GrassrootsWork", "CommunityLife", "LifeCircle", arguments, logging, yaml,
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        library("Client", ["Kernel", "RPC", "Contract", "Dialogue"]),
        library("Dialogue", ["Kernel"]),
        program(
            "linli", path: "frontends/chatbot", exclude: ["README.md"],
            ["Kernel", "Client", "Contract", "Dialogue", "Paper", "CLibedit", arguments]),
        program(
            "linli-kiosk", path: "frontends/kiosk", exclude: ["README.md", "simulators"],
            [
                "Kernel", "Client", "Contract", "Dialogue", "RPC", "Paper", "CNcurses", "CPinyin", arguments,
                yaml,
            ]),
        program(
            "linlictl", path: "frontends/admin", exclude: ["README.md"],
            ["Kernel", "Crypto", "RPC", "Client", "Contract", arguments]),

        tests("ArchitectureTests", []),
        tests("DialogueTests", ["Kernel", "Dialogue"], exclude: ["Transcripts"]),
        tests("ChatbotTests", ["linli", "Kernel", "Dialogue"], exclude: ["Transcripts"]),
        tests(
            "KioskTests", ["linli-kiosk", "linlid", "Kernel", "Dialogue", "Paper"], exclude: ["Screens"]),
        tests("ClientTests", ["Client", "Kernel", "RPC", "Contract", "Dialogue"]),
        tests("KernelTests", ["Kernel"]),
        tests("CryptoTests", ["Crypto", "Kernel"]),
        tests("PaperTests", ["Paper", "Kernel"]),
        codec("CInteropMessages", path: "Tests/Support/CInteropMessages", ["CProtobufC", "CRPCMessages"]),
        library("InteropMessages", path: "Tests/Support/InteropMessages", ["RPC", "CInteropMessages"]),
        // What Tests/Interop/run talks to.
        program(
            "interop-server", path: "Tests/Support/InteropServer", ["RPC", "InteropMessages", logging]),
        codec("CWireTestMessages", path: "Tests/Support/CWireTestMessages", ["CProtobufC", "CRPCMessages"]),
        library("WireTestMessages", path: "Tests/Support/WireTestMessages", ["RPC", "CWireTestMessages"]),
        .testTarget(
            name: "GeneratorTests", dependencies: nio + ["RPC", "WireTestMessages", "protoc-gen-linli"],
            path: "Tests/GeneratorTests", exclude: ["proto", "golden", "refused"], swiftSettings: settings),
        tests("ContractTests", nio + ["Contract", "RPC", "Kernel"]),
        tests(
            "RPCTests",
            nio + [
                "RPC", "InteropMessages", "Kernel", "Crypto", "COpenSSL", "CNghttp2", logging,
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        tests(
            "GrassrootsWorkTests",
            ["Kernel", "Crypto", "Storage", "RPC", "Contract", "Platform", "GrassrootsWork", logging]),
        tests(
            "ResidentServicesTests",
            ["Kernel", "Crypto", "Storage", "RPC", "Contract", "Platform", "ResidentServices", logging]),
        tests("PlatformRulesTests", ["Kernel", "Platform"]),
        tests(
            "PlatformTests",
            ["Kernel", "Crypto", "Storage", "RPC", "Contract", "Platform", "CZlib", logging]),
        tests(
            "ServerTests",
            [
                "linlid", "Kernel", "Crypto", "Storage", "RPC", "Contract", "Platform", "CPowerCutVFS",
                logging,
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ]),
        tests(
            "AdminTests", ["linlictl", "Kernel", "Client", "Crypto", "RPC", "Contract", arguments],
            exclude: ["Help"]),
        tests(
            "DemoTests",
            [
                "linlid", "Contract", "Kernel", "Crypto", "RPC", "Storage", "Platform", "GrassrootsWork",
                "LifeCircle", "OneStop", logging,
            ]),
        tests(
            "CommunityLifeTests",
            ["CommunityLife", "Contract", "Crypto", "Kernel", "Platform", "RPC", "Storage", logging]),
        tests(
            "OneStopTests",
            ["OneStop", "Contract", "Crypto", "Kernel", "Platform", "RPC", "Storage", logging]),
        tests("StorageTests", ["Storage", "Kernel", "CPowerCutVFS", "storage-writer"]),
        // A disk for SQLite that fails on purpose, and a program that is there to be killed.
        .target(name: "CPowerCutVFS", dependencies: ["CSQLite"], path: "Tests/Support/CPowerCutVFS"),
        program("storage-writer", path: "Tests/Support/StorageWriter", ["Storage"]),
        // What ops/bench runs.
        .executableTarget(
            name: "linli-bench",
            dependencies: [
                "Kernel", "Crypto", "Storage", "CSQLite", "RPC", "Contract", "Platform", "OneStop", nio[0],
                logging,
                arguments,
            ],
            path: "ops/benchmarks", exclude: ["cpp"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)

if isFuzzing {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        program("FuzzDecoder", path: "Tests/Fuzz/Decoder", ["CFuzzer", "RPC", "Contract"]),
        program(
            "FuzzConnection", path: "Tests/Fuzz/Connection",
            [
                "CFuzzer", "RPC", "InteropMessages", nio[0],
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
    ]
}
