"""Tools of the repository that no installed package needs: releases and the documentation site."""
