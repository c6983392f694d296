import Kernel

/// Names that sound like those of the place and belong to nobody.
enum DemoNames {
    private static let surnames: [String] = [
        "王", "李", "张", "刘", "陈", "杨", "赵", "郭", "马", "牛", "宋", "秦", "靳", "焦", "侯", "韩", "申", "原", "司", "郝",
    ]
    private static let given: [String] = [
        "建国", "秀英", "志强", "桂兰", "小明", "晓红", "海燕", "文斌", "丽娟", "永胜", "春梅", "国庆", "雪梅", "俊杰", "慧敏", "晋生",
        "玉珍", "红军", "艳芳", "子涵", "雨欣", "浩然", "一诺", "梓萱", "建军", "素琴", "拴柱", "凤英", "根生", "巧玲", "天佑", "思远",
    ]

    /// A name from common syllables.
    static func person(_ random: SeededRandom) -> FullName {
        let surname: String = surnames[random.integer(in: 0..<surnames.count)]
        return FullName(stored: surname + given[random.integer(in: 0..<given.count)])
    }

    private static let first: [String] = ["东", "西", "南", "北", "上", "下", "前", "后"]
    private static let second: [String] = ["庄", "河", "沟", "岭", "坡", "掌", "峪", "坪"]

    /// The n-th made-up village of a town, 0…63; each name comes once.
    static func village(_ index: Int) -> String {
        let round: Int = index / first.count
        return first[index % first.count] + second[(round + index) % second.count] + "村"
    }
}
