# Completion of tracker for fish: tracker completion fish > ~/.config/fish/completions/tracker.fish
function __tracker_complete
    set -l token (commandline --current-token --cut-at-cursor)
    set -l words (commandline --tokenize --current-process --cut-at-cursor)
    set -l joined (string join \n -- $words | string collect)
    for line in (env _TRACKER_COMPLETE=fish_complete COMP_WORDS="$joined" COMP_WORD="$token" \
            $words[1] 2>/dev/null)
        set -l parts (string split --max 1 \t -- $line)
        switch $parts[1]
            case plain
                echo $parts[2]
            case file
                __fish_complete_path "$token"
            case dir
                __fish_complete_directories "$token"
        end
    end
end

complete --command tracker --no-files --keep-order --arguments '(__tracker_complete)'
