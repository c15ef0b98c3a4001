# gems.rb FOLDER <Gemfile.lock: the gems that it names, as this machine has them, in a folder that Bundler takes for rubygems.org.
require "rubygems/package"
require "rubygems/indexer"
require "tmpdir"

mirror = ARGV.fetch(0)
FileUtils.mkdir_p("#{mirror}/gems")
$stdin.read.scan(/^    (\S+) \((\S+)\)$/) do |name, version|
  found = Gem::Specification.find_by_name(name, version)
  Dir.mktmpdir do |folder|
    FileUtils.mkdir_p("#{folder}/lib")
    FileUtils.cp_r("#{found.full_gem_path}/.", folder) if Dir.exist?(found.full_gem_path)
    # Debian keeps what was compiled apart, or where every Ruby of the machine looks.
    FileUtils.cp_r("#{found.extension_dir}/.", "#{folder}/lib") if Dir.exist?(found.extension_dir)
    Dir.chdir(folder) do
      spec = found.dup
      spec.extensions = spec.extra_rdoc_files = spec.test_files = []
      spec.require_paths = found.require_paths.reject { |path| path.start_with?("/") }
      spec.files = Dir.glob("**/*", File::FNM_DOTMATCH).select { |path| File.file?(path) }
      spec.executables = found.executables.select { |each| File.exist?("#{spec.bindir}/#{each}") }
      Gem::Package.build(spec, true, false, "#{mirror}/gems/#{spec.file_name}")
    end
  end
end
Gem::Indexer.new(mirror).generate_index
